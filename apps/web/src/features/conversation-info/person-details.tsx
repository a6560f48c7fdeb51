import type { ReactNode } from 'react'
import { useUser } from '../../hooks/use-client.tsx'
import { usePresence, usePresenceText, useWatch } from '../../hooks/use-presence.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

interface PersonDetailsProps {
  readonly id: string | null
  /** What one can do from here. */
  readonly children: ReactNode
}

/** A person at full length, in a panel. */
export function PersonDetails({ id, children }: PersonDetailsProps) {
  const user = useUser(id)
  const presence = usePresence(id)
  const known = usePresenceText(id)
  useWatch(id)
  if (user === undefined) {
    return <Skeleton className="mx-auto mt-7 size-24 rounded-[22px]" />
  }
  return (
    <section
      className="flex flex-col items-center px-5 pt-7 text-center"
      style={{ '--dot-ring': 'var(--canvas)' }}
    >
      <Avatar id={user.id} name={user.name} src={user.avatar} size={96} presence={presence} />
      <h3 className="isolate-text mt-4 max-w-full text-section font-strong break-words">{user.name}</h3>
      <p className="max-w-full text-list break-words text-text3">@{user.username}</p>
      <p className="isolate-text mt-1 max-w-full text-list break-words text-text2">
        {user.status === '' ? known : user.status}
      </p>
      {user.bio !== '' && (
        <p className="isolate-text mt-4 max-w-full text-list break-words whitespace-pre-line text-text2">
          {user.bio}
        </p>
      )}
      <div className="mt-6 flex flex-col">{children}</div>
    </section>
  )
}
