import type { User } from '@tam/protocol'
import type { ReactNode } from 'react'
import { Avatar } from '../../ui/avatar.tsx'

/** A person in a list of results: avatar, name, user name, and what stands at the end. */
export function PersonRow({ user, trailing }: { user: User; trailing?: ReactNode }) {
  return (
    <>
      <Avatar id={user.id} name={user.name} src={user.avatar} size={36} />
      <span className="min-w-0 flex-1 text-left">
        <span className="line-cut isolate-text block text-list font-medium">{user.name}</span>
        <span className="line-cut block text-meta text-text3">@{user.username}</span>
      </span>
      {trailing}
    </>
  )
}
