const isApple = /Mac|iPhone|iPad/.test(navigator.platform)

/** How the platform writes its command key with `key`: `Ctrl K` or `⌘ K`. */
export function commandKey(key: string): string {
  return isApple ? `⌘ ${key}` : `Ctrl ${key}`
}

/** Ctrl, or ⌘ on Apple's machines, and nothing else. */
export function isCommand(event: KeyboardEvent): boolean {
  return (
    (isApple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) &&
    !event.altKey &&
    !event.shiftKey
  )
}

/** True for keys that belong to an input method: they are never shortcuts. Safari ends a composition before its key. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}

/** True for a key that writes a character, pressed where nothing takes it. Space is for buttons and scrolling. */
export function isStrayLetter(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, target } = event
  const editable = target instanceof Element && target.closest('input, textarea, select, [contenteditable]')
  return key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey && !editable
}
