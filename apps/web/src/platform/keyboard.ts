const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

const OTHER_CAPS: Readonly<Record<string, string>> = { mod: 'Ctrl', alt: 'Alt', shift: 'Shift' }
const APPLE_CAPS: Readonly<Record<string, string>> = { mod: '⌘', alt: '⌥', shift: '⇧' }

/** What the platform prints on a key; `mod`, `alt` and `shift` are named so that each has its own. */
export function keyCap(key: string, apple = isApple): string {
  return (apple ? APPLE_CAPS : OTHER_CAPS)[key] ?? key
}

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

/** Ctrl or ⌘ and the slash, which some layouts have on Shift. */
export function isHelpKey(event: KeyboardEvent): boolean {
  return event.key === '/' && !event.altKey && (isApple ? event.metaKey : event.ctrlKey)
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
