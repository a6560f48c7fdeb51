import type { User } from '@tam/protocol'
import { fold } from '@tam/protocol/fold'
import { MEMBER_IDS_MAX } from '@tam/protocol/limits'
import { useId, useRef, useState, type ReactNode } from 'react'
import { useMe } from '../../hooks/use-client.tsx'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'
import { Icon } from '../../ui/icon.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { PersonRow } from './person-row.tsx'
import { useKnownPeople } from './use-known-people.ts'
import { usePeopleSearch } from './use-people-search.ts'

interface PeoplePickerProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly chosen: readonly User[]
  readonly onChange: (chosen: readonly User[]) => void
  /** People who cannot be chosen, such as members already. */
  readonly excluded?: ReadonlySet<string>
}

/** Chooses any number of people: search, check, and the chosen as chips above. */
export function PeoplePicker({ label, hint, chosen, onChange, excluded }: PeoplePickerProps) {
  const t = useT(switcherText)
  const me = useMe()
  const [query, setQuery] = useState('')
  const search = usePeopleSearch(query)
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const known = useKnownPeople()
  const results = (query.trim() === '' ? known : search.people).filter(
    ({ id }) => id !== me.id && excluded?.has(id) !== true,
  )
  const isChosen = (user: User) => chosen.some(({ id }) => id === user.id)
  const toggle = (user: User) => {
    if (isChosen(user)) {
      onChange(chosen.filter(({ id }) => id !== user.id))
    } else if (chosen.length < MEMBER_IDS_MAX) {
      onChange([...chosen, user])
    }
  }
  return (
    <div>
      <TextField
        ref={field}
        label={label}
        hint={chosen.length === 0 ? hint : t.selected(chosen.length)}
        autoComplete="off"
        spellCheck={false}
        placeholder={t.searchPeople}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      {chosen.length > 0 && (
        <ul className="mt-2.5 flex max-h-24 flex-wrap gap-1.5 overflow-y-auto pointer-coarse:max-h-36 pointer-coarse:gap-y-4 pointer-coarse:py-2">
          {chosen.map((user) => (
            <li key={user.id}>
              <button
                type="button"
                aria-label={t.removePerson(user.name)}
                onClick={() => {
                  toggle(user)
                  field.current?.focus()
                }}
                className="tap-target flex h-7 items-center gap-1.5 rounded-chip bg-accent-subtle pr-1.5 pl-1 text-secondary text-accent-text hover:bg-selected"
              >
                <Avatar id={user.id} name={user.name} src={user.avatar} size={20} />
                <span className="max-w-40 line-cut">{user.name}</span>
                <Icon name="close" className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul id={listId} className="mt-2 max-h-60 overflow-y-auto">
        {results.map((user) => (
          <li key={user.id}>
            <label
              htmlFor={`${listId}-${user.id}`}
              className="flex h-12 w-full cursor-pointer items-center gap-3 rounded-row px-2 hover:bg-text/6 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus"
            >
              <PersonRow
                user={user}
                trailing={
                  <span className="relative grid size-5 place-items-center">
                    <input
                      id={`${listId}-${user.id}`}
                      type="checkbox"
                      checked={isChosen(user)}
                      onChange={() => toggle(user)}
                      className="peer size-5 appearance-none rounded-chip border border-border-strong checked:border-accent checked:bg-accent focus-visible:outline-none"
                    />
                    <Icon
                      name="check"
                      className="pointer-events-none absolute hidden size-3.5 text-on-accent peer-checked:block"
                    />
                  </span>
                }
              />
            </label>
          </li>
        ))}
      </ul>
      <SearchNote query={query} status={search.status} found={results.length} />
    </div>
  )
}

/** What a search without results says. */
export function SearchNote({ query, status, found }: { query: string; status: string; found: number }) {
  const t = useT(switcherText)
  const me = useMe()
  const isMe = fold(`${me.name} @${me.username}`).includes(fold(query.trim()))
  const nobody = isMe ? t.nobodyElse : t.nobody
  const text =
    status === 'failed' ? t.searchFailed : status === 'done' && found === 0 ? nobody(query.trim()) : ''
  return <output className="block px-2 text-list text-text2 empty:hidden">{text}</output>
}
