import { useEffect, useId, useState, type KeyboardEvent } from 'react'
import { useRouter } from '../../hooks/use-platform.tsx'
import { useStartDirect } from '../../hooks/use-start-direct.ts'
import { commonText } from '../../i18n/common.ts'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'
import { IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { usePeopleSearch } from '../people/use-people-search.ts'
import { DestinationRow } from './destination-row.tsx'
import { useCandidates, type Destination } from './use-candidates.ts'

/** Ctrl/⌘ K: to any conversation or person by a few letters. */
export function Switcher({ onClose }: { onClose: () => void }) {
  const t = useT(switcherText)
  const common = useT(commonText)
  const router = useRouter()
  const { startDirect } = useStartDirect()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const search = usePeopleSearch(query)
  const destinations = useCandidates(query, search.people)
  const listId = useId()
  const selected = Math.min(active, destinations.length - 1)
  useEffect(() => {
    document.getElementById(`${listId}-${selected}`)?.scrollIntoView({ block: 'nearest' })
  }, [listId, selected])

  const open = (destination: Destination) => {
    onClose()
    if (destination.kind === 'person') {
      void startDirect(destination.id)
    } else {
      router.go({ name: 'conversation', id: destination.id })
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || destinations.length === 0) {
      return
    }
    const destination = destinations[selected]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((selected + step + destinations.length) % destinations.length)
    } else if (event.key === 'Enter' && destination !== undefined) {
      event.preventDefault()
      open(destination)
    }
  }
  const empty =
    destinations.length === 0 &&
    query.trim() !== '' &&
    (search.status === 'done' || search.status === 'failed')
  return (
    <Dialog title={t.title} bare onClose={onClose} className="sm:mt-[12dvh] sm:w-[34rem]">
      <div className="flex h-13 shrink-0 items-center gap-3 border-b border-border px-4">
        <Icon name="search" className="size-5 text-text3" />
        <input
          role="combobox"
          aria-label={t.title}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={selected >= 0 ? `${listId}-${selected}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          placeholder={t.placeholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          className="h-full min-w-0 flex-1 bg-transparent text-title outline-none"
        />
        {search.status === 'slow' && <Spinner className="size-4 text-text3" />}
        <IconButton icon="close" label={common.close} onClick={onClose} className="sm:hidden" />
      </div>
      <output className="sr-only">{query.trim() === '' ? '' : t.resultCount(destinations.length)}</output>
      {empty ? (
        <p className="px-4 py-4 text-list text-text2">{t.none(query.trim())}</p>
      ) : (
        <p className="px-4 pt-3 pb-1 text-meta/4.5 font-semibold text-text3">
          {query.trim() === '' ? t.recent : t.results}
        </p>
      )}
      <div
        id={listId}
        role="listbox"
        aria-label={t.results}
        className="min-h-0 flex-1 overflow-y-auto px-2 pb-2 empty:hidden"
      >
        {destinations.map((destination, index) => (
          <DestinationRow
            key={`${destination.kind}/${destination.id}`}
            id={`${listId}-${index}`}
            destination={destination}
            selected={index === selected}
            onHover={() => setActive(index)}
            onOpen={() => open(destination)}
          />
        ))}
      </div>
      {search.status === 'failed' && (
        <p className="border-t border-border px-4 py-2 text-secondary text-warn-text">{t.failed}</p>
      )}
      <p className="shrink-0 border-t border-border px-4 py-2 text-meta text-text3 max-sm:hidden">{t.hint}</p>
    </Dialog>
  )
}
