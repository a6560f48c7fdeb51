import { useState } from 'react'
import { useMe } from '../../../hooks/use-client.tsx'
import { useStartDirect } from '../../../hooks/use-start-direct.ts'
import { useT } from '../../../i18n/locale.tsx'
import { switcherText } from '../../../i18n/switcher.ts'
import { TextField } from '../../../ui/text-field.tsx'
import { SearchNote } from '../../people/people-picker.tsx'
import { PersonRow } from '../../people/person-row.tsx'
import { useKnownPeople } from '../../people/use-known-people.ts'
import { usePeopleSearch } from '../../people/use-people-search.ts'

/** Finds a person and opens the conversation with them. */
export function DirectSearch({ onDone }: { onDone: () => void }) {
  const t = useT(switcherText)
  const me = useMe()
  const { startDirect } = useStartDirect()
  const [query, setQuery] = useState('')
  const search = usePeopleSearch(query)
  const known = useKnownPeople()
  const people = (query.trim() === '' ? known : search.people).filter(({ id }) => id !== me.id)
  const open = async (id: string) => {
    if (await startDirect(id)) {
      onDone()
    }
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col px-5 pb-4">
      <TextField
        label={t.searchPeople}
        hint={query.trim() === '' ? t.directLead : undefined}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <ul className="mt-3 -mr-2 -ml-2 min-h-0 flex-1 overflow-y-auto">
        {people.map((user) => (
          <li key={user.id}>
            <button
              type="button"
              onClick={() => void open(user.id)}
              className="flex h-13 w-full items-center gap-3 rounded-row px-2 hover:bg-text/6 focus-visible:-outline-offset-2"
            >
              <PersonRow user={user} />
            </button>
          </li>
        ))}
      </ul>
      <SearchNote query={query} status={search.status} found={people.length} />
    </div>
  )
}
