import type { Conversation, Member } from '@tam/protocol'
import { WATCH_PEOPLE_MEMBERS_MAX } from '@tam/protocol/limits'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useClient } from '../../hooks/use-client.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { commonText } from '../../i18n/common.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useFormats, useT } from '../../i18n/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { sortMembers } from './info.logic.ts'
import { MemberRow } from './member-row.tsx'

/** Rows rendered at first and added by each "show more". */
const MEMBERS_STEP = 100
/** Presence is watched for the first rows only; the server takes a bounded set. Large conversations show a count. */
const WATCHED = 50

/** Who is in a conversation, by role and name. */
export function MemberList({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const client = useClient()
  const handle = client.conversation(conversation.id)
  const members = useReadable(handle.members)
  const formats = useFormats()
  const sorted = useMemo(
    () => members && sortMembers(members, (a, b) => formats.compare(a, b)),
    [formats, members],
  )
  const { failed, load } = useLoadMembers(conversation.id)
  const [limit, setLimit] = useState(MEMBERS_STEP)
  useWatchFirst(conversation.memberCount > WATCH_PEOPLE_MEMBERS_MAX ? undefined : sorted)
  if (sorted === undefined) {
    return failed ? <Failed onRetry={load} /> : <MembersSkeleton />
  }
  const hidden = sorted.length - limit
  return (
    <>
      <ul className="px-3">
        {sorted.slice(0, limit).map((member) => (
          <MemberRow key={member.user.id} conversation={conversation} member={member} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button variant="ghost" size="small" className="mx-3" onClick={() => setLimit(limit + MEMBERS_STEP)}>
          {t.moreMembers(Math.min(hidden, MEMBERS_STEP))}
        </Button>
      )}
    </>
  )
}

function useLoadMembers(id: string): { failed: boolean; load: () => void } {
  const client = useClient()
  const [failed, setFailed] = useState(false)
  const load = useCallback(() => {
    client
      .conversation(id)
      .loadMembers()
      .then(
        () => setFailed(false),
        () => setFailed(true),
      )
  }, [client, id])
  useEffect(load, [load])
  return { failed, load }
}

function useWatchFirst(members: readonly Member[] | undefined): void {
  const { presence } = useClient()
  useEffect(
    () =>
      members === undefined
        ? undefined
        : presence.watch(members.slice(0, WATCHED).map(({ user }) => user.id)),
    [members, presence],
  )
}

function Failed({ onRetry }: { onRetry: () => void }) {
  const t = useT(conversationText)
  const common = useT(commonText)
  return (
    <p className="flex items-center gap-3 px-5 py-2 text-list text-text2">
      {t.membersFailed}
      <Button size="small" onClick={onRetry}>
        {common.retry}
      </Button>
    </p>
  )
}

function MembersSkeleton() {
  return (
    <div aria-hidden="true" className="space-y-4 px-5 pt-2">
      {['w-32', 'w-40', 'w-28'].map((width) => (
        <div key={width} className="flex items-center gap-3">
          <Skeleton className="size-9 rounded-[11px]" />
          <Skeleton className={`h-3 ${width}`} />
        </div>
      ))}
    </div>
  )
}
