import type { Locale } from '../i18n/define.ts'
import { createState, type State } from './state.ts'

export type SendKey = 'enter' | 'mod-enter'
export type Theme = 'system' | 'light' | 'dark'
/** Where a conversation with unread messages opens: at the newest, or where one left off reading. */
export type OpenAt = 'newest' | 'left-off'

/** Width of the conversation list, pixels. */
export const LIST_WIDTH = 288
export const LIST_WIDTH_MIN = 240
export const LIST_WIDTH_MAX = 400

/** What this device remembers for itself; `boot/boot.js` reads the same keys before the first paint. */
export interface Preferences {
  readonly theme: State<Theme>
  readonly locale: State<Locale>
  /** Which key sends a message: Enter alone, or with Ctrl or Cmd. */
  readonly sendKey: State<SendKey>
  readonly openAt: State<OpenAt>
  /** Pixels; what is set is brought within the bounds. */
  readonly listWidth: State<number>
}

const THEME_COLOR = { light: '#E9EDEB', dark: '#0B0E0D' }

/** Reads and keeps the preferences; changing one applies it to the document at once. */
export function createPreferences(window: Window): Preferences {
  const root = window.document.documentElement
  const stored = read(window, 'tam.theme')
  const theme = createState<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')
  const locale = createState<Locale>(root.lang === 'en' ? 'en' : 'vi')
  const sendKey = createState<SendKey>(storedSendKey(window))
  const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
  const paintTheme = () => applyTheme(window.document, theme.get(), systemDark.matches)
  systemDark.addEventListener('change', paintTheme)
  theme.subscribe(() => {
    write(window, 'tam.theme', theme.get() === 'system' ? null : theme.get())
    paintTheme()
  })
  locale.subscribe(() => {
    write(window, 'tam.locale', locale.get())
    root.lang = locale.get()
  })
  sendKey.subscribe(() => write(window, 'tam.sendKey', sendKey.get()))
  const openAt = createState<OpenAt>(read(window, 'tam.openAt') === 'left-off' ? 'left-off' : 'newest')
  openAt.subscribe(() => write(window, 'tam.openAt', openAt.get()))
  return { theme, locale, sendKey, openAt, listWidth: createListWidth(window) }
}

function createListWidth(window: Window): State<number> {
  const width = createState(boundListWidth(Number(read(window, 'tam.listWidth') ?? LIST_WIDTH)))
  width.subscribe(() => {
    const now = width.get()
    write(window, 'tam.listWidth', now === LIST_WIDTH ? null : String(now))
    window.document.documentElement.style.setProperty('--list-width', `${now}px`)
  })
  const set = (next: number) => width.set(boundListWidth(next))
  return { ...width, set, update: (change) => set(change(width.get())) }
}

function boundListWidth(wanted: number): number {
  const width = Number.isFinite(wanted) ? Math.round(wanted) : LIST_WIDTH
  return Math.min(LIST_WIDTH_MAX, Math.max(LIST_WIDTH_MIN, width))
}

/** Enter makes a new line on a touch keyboard, which has a button to send beside it. */
function storedSendKey(window: Window): SendKey {
  const stored = read(window, 'tam.sendKey')
  if (stored === 'enter' || stored === 'mod-enter') {
    return stored
  }
  return window.matchMedia('(pointer: coarse)').matches ? 'mod-enter' : 'enter'
}

function applyTheme(document: Document, theme: Theme, systemDark: boolean): void {
  if (theme === 'system') {
    delete document.documentElement.dataset['theme']
  } else {
    document.documentElement.dataset['theme'] = theme
  }
  const dark = theme === 'dark' || (theme === 'system' && systemDark)
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', THEME_COLOR[dark ? 'dark' : 'light'])
}

/** Storage may be forbidden (private windows, policies): then a preference lasts for the visit. */
function read(window: Window, key: string): string | null {
  try {
    return window.localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(window: Window, key: string, value: string | null): void {
  try {
    if (value === null) {
      window.localStorage.removeItem(key)
    } else {
      window.localStorage.setItem(key, value)
    }
  } catch {
    // Forbidden storage: nothing to do, see `read`.
  }
}
