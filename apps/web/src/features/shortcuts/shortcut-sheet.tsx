import { useState } from 'react'
import { usePlatform } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { useT } from '../../i18n/locale.tsx'
import { shortcutsText } from '../../i18n/shortcuts.ts'
import { keyCap } from '../../platform/keyboard.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { allShortcuts, findShortcuts, type Chord, type Shortcut } from './shortcuts.logic.ts'

/** Every key that does something, with a search. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const t = useT(shortcutsText)
  const sendKey = useReadable(usePlatform().preferences.sendKey)
  const [query, setQuery] = useState('')
  const groups = findShortcuts(allShortcuts(t, sendKey), query, keyCap)
  const count = groups.reduce((sum, { shortcuts }) => sum + shortcuts.length, 0)
  return (
    <Dialog title={t.title} onClose={onClose} className="sm:h-[40rem] sm:w-[32rem]">
      <SearchField label={t.search} value={query} onChange={setQuery} />
      <output className="sr-only">{query.trim() === '' ? '' : t.count(count)}</output>
      <div
        role="group"
        aria-label={t.title}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- nothing inside takes the focus; arrows scroll
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto px-5 pb-5"
      >
        {groups.map(({ title, shortcuts }) => (
          <section key={title} aria-label={title}>
            <h3 className="pt-4 pb-1 text-meta/4.5 font-semibold text-text3">{title}</h3>
            <dl className="divide-y divide-border">
              {shortcuts.map((shortcut) => (
                <Row key={shortcut.text} shortcut={shortcut} or={t.or} />
              ))}
            </dl>
          </section>
        ))}
        {count === 0 && <p className="pt-4 text-list text-text2">{t.none(query.trim())}</p>}
      </div>
    </Dialog>
  )
}

function Row({ shortcut: { text, chords }, or }: { shortcut: Shortcut; or: string }) {
  return (
    <div className="flex min-h-10 items-center gap-4 py-1.5">
      <dt className="min-w-0 flex-1 text-list">{text}</dt>
      <dd className="flex shrink-0 items-center gap-2 text-meta text-text3">
        {chords.map((chord, index) => (
          <span key={chord.join('+')} className="flex items-center gap-2">
            {index > 0 && or}
            <Keys chord={chord} />
          </span>
        ))}
      </dd>
    </div>
  )
}

function Keys({ chord }: { chord: Chord }) {
  return (
    <kbd className="flex gap-1 font-sans">
      {chord.map((key) => (
        <kbd
          key={key}
          className="min-w-6 rounded-chip border border-border bg-sunken px-1.5 py-0.5 text-center font-sans text-meta/4.5 font-medium text-text2"
        >
          {keyCap(key)}
        </kbd>
      ))}
    </kbd>
  )
}
