/* Keys and input methods as the browser reports them, through the DevTools protocol. */
import type { CDPSession } from 'playwright-core'

export const FIELD = '.composer-field'
export const SEND = '.composer button[aria-label="Gửi"]'

/** A key press that types nothing by itself. */
export async function press(cdp: CDPSession, key: string, windowsVirtualKeyCode: number): Promise<void> {
  const event = { key, code: key, windowsVirtualKeyCode }
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event })
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
}

export async function pressEnter(cdp: CDPSession): Promise<void> {
  const event = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 }
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: '\r', ...event })
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
}

/** The key press of an input method: whatever key it was, the page sees 229. */
export function pressForIme(cdp: CDPSession, key = 'Process'): Promise<void> {
  return press(cdp, key, 229)
}

/** What the input method shows underlined now. */
export async function compose(cdp: CDPSession, text: string): Promise<void> {
  await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
}

/** Composes letter by letter, as somebody types. */
export async function composeWord(cdp: CDPSession, steps: readonly string[]): Promise<void> {
  for (const step of steps) {
    await pressForIme(cdp)
    await compose(cdp, step)
  }
}

/** The input method is done: the text becomes ordinary text. */
export async function commit(cdp: CDPSession, text: string): Promise<void> {
  await cdp.send('Input.insertText', { text })
}

/** One character from a plain keyboard. */
export async function typeKey(cdp: CDPSession, text: string): Promise<void> {
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text, key: text, unmodifiedText: text })
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: text })
}

/** Vietnamese keyboards for Windows send Backspace and the marked letters as key presses of their own. */
export async function unikey(cdp: CDPSession, backspaces: number, text: string): Promise<void> {
  for (let count = 0; count < backspaces; count++) {
    const event = { key: 'Backspace', code: 'Backspace', windowsVirtualKeyCode: 8 }
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event, commands: ['deleteBackward'] })
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }
  for (const letter of text) {
    await typeKey(cdp, letter)
  }
}
