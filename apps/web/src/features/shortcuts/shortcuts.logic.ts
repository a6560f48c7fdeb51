import { fold } from '@tam/protocol/fold'
import type { ShortcutsText } from '../../i18n/shortcuts.ts'
import type { SendKey } from '../../platform/preferences.ts'

/** Keys pressed together; `mod` is Ctrl, or ⌘ on Apple's machines. */
export type Chord = readonly string[]

export interface Shortcut {
  readonly text: string
  /** Any of these does it. */
  readonly chords: readonly Chord[]
}

export interface ShortcutGroup {
  readonly title: string
  readonly shortcuts: readonly Shortcut[]
}

/** Every key the application answers, by where it works. */
export function allShortcuts(t: ShortcutsText, sendKey: SendKey): readonly ShortcutGroup[] {
  const one = (text: string, ...chords: Chord[]): Shortcut => ({ text, chords })
  return [
    {
      title: t.everywhere,
      shortcuts: [
        one(t.switcher, ['mod', 'K']),
        one(t.next, ['alt', '↓']),
        one(t.previous, ['alt', '↑']),
        one(t.nextUnread, ['alt', 'shift', '↓']),
        one(t.previousUnread, ['alt', 'shift', '↑']),
        one(t.nextPane, ['F6']),
        one(t.previousPane, ['shift', 'F6']),
        one(t.closePanel, ['Esc']),
        one(t.allRead, ['shift', 'Esc']),
        one(t.sheet, ['mod', '/']),
      ],
    },
    {
      title: t.messages,
      shortcuts: [
        one(t.byMessage, ['↑'], ['↓']),
        one(t.byScreen, ['PageUp'], ['PageDown']),
        one(t.toStart, ['Home']),
        one(t.toEnd, ['End']),
        one(t.write, [t.anyLetter]),
      ],
    },
    {
      title: t.writing,
      shortcuts: [
        one(t.send, sendKey === 'enter' ? ['Enter'] : ['mod', 'Enter']),
        one(t.newLine, sendKey === 'enter' ? ['shift', 'Enter'] : ['Enter']),
        one(t.cancelReply, ['Esc']),
      ],
    },
  ]
}

/** The shortcuts whose words or keys contain every word of `query`, with or without Vietnamese marks. */
export function findShortcuts(
  groups: readonly ShortcutGroup[],
  query: string,
  capOf: (key: string) => string,
): readonly ShortcutGroup[] {
  const words = fold(query)
    .split(/[\s+]+/)
    .filter((word) => word !== '')
  const matches = ({ text, chords }: Shortcut): boolean => {
    const searched = fold(`${text} ${chords.flat().map(capOf).join(' ')}`)
    return words.every((word) => searched.includes(word))
  }
  return groups
    .map(({ title, shortcuts }) => ({ title, shortcuts: shortcuts.filter(matches) }))
    .filter(({ shortcuts }) => shortcuts.length > 0)
}
