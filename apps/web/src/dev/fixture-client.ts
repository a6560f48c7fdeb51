import type { ConnectionState, SessionState, TamClient } from '@tam/client'
import type { Conversation, Member, Presence } from '@tam/protocol'
import { systemClock, type Clock } from '@tam/util'
import { createState } from '../platform/state.ts'
import { conversations as sources, type FixtureConversation } from './fixture-conversations.ts'
import { createFixtureHandle, type FixtureHandle } from './fixture-handle.ts'
import { itemAt, scene } from './fixture-log.ts'
import { me, people, person } from './fixture-people.ts'
import { createFixtureRest } from './fixture-rest.ts'

/**
 * A client without a server, for looking at states. Scenarios, joined by `+`: `community` (34 conversations),
 * `empty` (none), `offline` (connection lost 10 s ago), `signed-out`, `restoring` (for ever), `english`.
 */
export function createFixtureClient(scenario: string, clock: Clock = systemClock): TamClient {
  const has = (name: string) => scenario.split(/[+ ]/).includes(name)
  const now = clock.now()
  const online = () => connection.get().status === 'connected'
  const session = createState<SessionState>({ status: 'restoring' })
  const connection = createState<ConnectionState>({ status: 'connected', since: now })
  const signIn = () =>
    session.set({ status: 'signed-in', me: { ...me, locale: has('english') ? 'en' : 'vi' } })
  const list = createState<readonly Conversation[] | undefined>(undefined)
  const handles = new Map<string, FixtureHandle>()

  const publishList = () => {
    const all = [...handles.values()].map((handle) => handle.summary.get()).filter((one) => one !== undefined)
    list.set(all.sort((a, b) => activity(b).localeCompare(activity(a))))
  }
  const add = (source: FixtureConversation): Conversation => {
    const first = summaryOf(source, now)
    const summary = createState<Conversation | undefined>(first)
    handles.set(
      source.id,
      createFixtureHandle(summary, { source, clock, online, members: () => membersOf(source) }),
    )
    summary.subscribe(publishList)
    publishList()
    return first
  }
  const unknown = (id: string): FixtureHandle =>
    createFixtureHandle(createState<Conversation | undefined>(undefined), {
      source: { id, kind: 'group', title: '', members: [], talk: 'chat', head: 0, minutesAgo: 0 },
      clock,
      online,
      members: () => [],
    })

  const users = new Map([...people, me].map((one) => [one.id, one]))
  return {
    connection,
    conversations: list,
    conversation(id) {
      const handle = handles.get(id) ?? unknown(id)
      handles.set(id, handle)
      return handle
    },
    session: {
      state: session,
      async restore() {
        if (has('restoring')) {
          return
        }
        if (has('signed-out')) {
          session.set({ status: 'signed-out' })
          return
        }
        signIn()
      },
      register: async () => signIn(),
      login: async ({ password }) => refuseWrongPassword(password, signIn),
      logout: async () => session.set({ status: 'signed-out' }),
    },
    users: {
      get: (id) => users.get(id),
      subscribe: () => () => {},
      version: () => 1,
      remember: () => {},
    },
    presence: {
      states: createState<ReadonlyMap<string, Presence>>(presenceOf(now)),
      watch: () => () => {},
    },
    rest: createFixtureRest({
      session,
      add,
      remove: (id) => handles.get(id)?.summary.set(undefined),
      members: (id) => handles.get(id)?.members.get() ?? [],
    }),
    on: () => () => {},
    start() {
      if (!has('empty')) {
        sources.forEach(add)
        handles.get('c_kehoach')?.setTyping(['huong.pham', 'dat.ngo'])
      } else {
        list.set([])
      }
      if (has('offline')) {
        connection.set({
          status: 'waiting',
          since: now - 10_000,
          retryAt: now + 8_000,
          attempt: 3,
          reason: 'unreachable',
        })
      }
    },
    close: async () => {},
  }
}

async function refuseWrongPassword(password: string, signIn: () => void): Promise<void> {
  const { TamError } = await import('@tam/client')
  if (password === 'sai') {
    throw new TamError('invalid_credentials')
  }
  signIn()
}

function activity(conversation: Conversation): string {
  return conversation.lastMessage?.at ?? conversation.createdAt
}

function summaryOf(source: FixtureConversation, now: number): Conversation {
  const last = itemAt(source, source.head, now)
  const scenic = source.id === 'c_kehoach' ? scene.at(-1) : undefined
  const text = scenic?.[1] ?? (last.type === 'message' ? last.text : '')
  const from = last.type === 'message' ? last.from : me.id
  const at = new Date(now - (scenic?.[2] ?? source.minutesAgo) * 60_000).toISOString()
  return {
    id: source.id,
    kind: source.kind,
    title: source.title,
    topic: source.topic ?? '',
    public: source.public ?? false,
    peer: source.kind === 'direct' ? person(source.members[0] ?? '').id : null,
    role: source.role ?? 'member',
    memberCount: source.memberCount ?? source.members.length + 1,
    head: source.head,
    read: source.head - Math.min(source.unread ?? 0, source.head),
    unread: source.unread ?? 0,
    lastMessage: {
      type: 'message',
      seq: source.head,
      id: `m${source.head}`,
      from,
      cid: `fixture-${source.head}`,
      at,
      text,
    },
    createdAt: at,
  }
}

function membersOf(source: FixtureConversation): Member[] {
  const others = source.members.map((username, index): Member => ({
    user: person(username),
    role: index === 0 && source.role !== 'owner' ? 'owner' : index === 1 ? 'admin' : 'member',
    read: source.kind === 'channel' ? null : source.head,
  }))
  return [{ user: me, role: source.role ?? 'member', read: source.head }, ...others]
}

const PRESENCE: readonly Presence['status'][] = [
  'online',
  'online',
  'away',
  'offline',
  'offline',
  'offline',
  'online',
  'unknown',
]

function presenceOf(now: number): Map<string, Presence> {
  const asOf = new Date(now).toISOString()
  const entries = people.map(
    ({ id }, index) =>
      [id, { id, status: PRESENCE[index % PRESENCE.length] ?? 'offline', since: asOf, asOf }] as const,
  )
  return new Map([...entries, [me.id, { id: me.id, status: 'online', since: asOf, asOf }]])
}
