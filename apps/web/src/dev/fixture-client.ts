import { TamError, type ConnectionState, type SessionState, type TamClient } from '@tam/client'
import type { Conversation, Member, OnlineCount, Presence } from '@tam/protocol'
import { systemClock, type Clock } from '@tam/util'
import { createState, type State } from '../platform/state.ts'
import { conversations as sources, type FixtureConversation } from './fixture-conversations.ts'
import { FixtureHandle } from './fixture-handle.ts'
import { itemAt, scene } from './fixture-log.ts'
import { me, people, person } from './fixture-people.ts'
import { createFixtureRest } from './fixture-rest.ts'

/**
 * A client without a server, for looking at states. Scenarios, joined by `+`: `community` (34 conversations),
 * `empty` (none), `offline` (connection lost 10 s ago), `signed-out`, `restoring` (for ever), `english`.
 */
export function createFixtureClient(scenario: string, clock: Clock = systemClock): TamClient {
  const has = (name: string) => scenario.split(/[+ ]/).includes(name)
  const connection = createState<ConnectionState>({ status: 'connected', since: clock.now() })
  const session = createFixtureSession(has)
  const world = new FixtureWorld(clock, () => connection.get().status === 'connected')
  return {
    connection,
    session,
    conversations: world.list,
    former: createState([]),
    unsent: createState([]),
    conversation: (id) => world.handle(id),
    users: fixtureUsers(),
    presence: {
      states: createState<ReadonlyMap<string, Presence>>(presenceOf(clock.now())),
      counts: createState<ReadonlyMap<string, OnlineCount>>(new Map()),
      watch: () => () => {},
    },
    rest: createFixtureRest({
      session: session.state,
      add: (source) => world.add(source),
      remove: (id) => world.handle(id).summary.set(undefined),
      members: (id) => world.handle(id).members.get() ?? [],
    }),
    on: () => () => {},
    start() {
      if (!has('empty')) {
        sources.forEach((source) => world.add(source))
        world.handle('c_kehoach').setTyping(['huong.pham', 'dat.ngo'])
      }
      if (has('offline')) {
        const now = clock.now()
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

/** The conversations there are; those that nobody asked for yet cost nothing. */
class FixtureWorld {
  readonly list = createState<readonly Conversation[] | undefined>([])
  readonly #handles = new Map<string, FixtureHandle>()
  readonly #clock: Clock
  readonly #online: () => boolean

  constructor(clock: Clock, online: () => boolean) {
    this.#clock = clock
    this.#online = online
  }

  add(source: FixtureConversation): Conversation {
    const first = summaryOf(source, this.#clock.now())
    const handle = this.#create(source, first, () => membersOf(source))
    handle.summary.subscribe(() => this.#publish())
    this.#publish()
    return first
  }

  handle(id: string): FixtureHandle {
    const nothing: FixtureConversation = {
      id,
      kind: 'group',
      title: '',
      members: [],
      talk: 'chat',
      head: 0,
      minutesAgo: 0,
    }
    return this.#handles.get(id) ?? this.#create(nothing, undefined, () => [])
  }

  #create(
    source: FixtureConversation,
    first: Conversation | undefined,
    members: () => Member[],
  ): FixtureHandle {
    const summary = createState<Conversation | undefined>(first)
    const handle = new FixtureHandle(summary, { source, clock: this.#clock, online: this.#online, members })
    this.#handles.set(source.id, handle)
    return handle
  }

  #publish(): void {
    const all = [...this.#handles.values()].flatMap(({ summary }) => summary.get() ?? [])
    this.list.set(all.sort((a, b) => activity(b).localeCompare(activity(a))))
  }
}

function createFixtureSession(
  has: (name: string) => boolean,
): TamClient['session'] & { state: State<SessionState> } {
  const state = createState<SessionState>({ status: 'restoring' })
  const signIn = () => state.set({ status: 'signed-in', me: { ...me, locale: has('english') ? 'en' : 'vi' } })
  return {
    state,
    async restore() {
      if (has('signed-out')) {
        state.set({ status: 'signed-out' })
      } else if (!has('restoring')) {
        signIn()
      }
    },
    register: async () => signIn(),
    login: async ({ password }) => refuseWrongPassword(password, signIn),
    logout: async () => state.set({ status: 'signed-out' }),
  }
}

function fixtureUsers(): TamClient['users'] {
  const users = new Map([...people, me].map((one) => [one.id, one]))
  return { get: (id) => users.get(id), subscribe: () => () => {}, version: () => 1, remember: () => {} }
}

function refuseWrongPassword(password: string, signIn: () => void): void {
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
  'dnd',
  'offline',
  'offline',
  'online',
  'unknown',
]

function presenceOf(now: number): Map<string, Presence> {
  const asOf = new Date(now).toISOString()
  const entries = people.map(({ id }, index) => {
    const since = new Date(now - index * 7 * 60_000).toISOString()
    return [id, { id, status: PRESENCE[index % PRESENCE.length] ?? 'offline', since, asOf }] as const
  })
  return new Map([...entries, [me.id, { id: me.id, status: 'online', since: asOf, asOf }]])
}
