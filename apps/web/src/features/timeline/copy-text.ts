/** Puts `text` on the clipboard. Returns false when the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  // Absent on plain http, as in a trial on a local network.
  if ('clipboard' in navigator) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      return false
    }
  }
  return copyBySelection(text)
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  const focused = document.activeElement
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  // Deprecated, and the only way without a secure origin.
  const copied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) {
    focused.focus({ preventScroll: true })
  }
  return copied
}
