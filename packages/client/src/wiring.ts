/* The composition root: the one place where the parts of the client meet. Each part names only what it needs. */
import type { Conversation as Summary, UpFrame, User } from '@tam/protocol'
import { systemClock, systemRandom, type Clock, type Random } from '@tam/util'
import { accountFacts } from './account.ts'
import type { Rest } from './api.ts'
import { CacheWriter } from './cache/cache-writer.ts'
import type { ConnectionManager } from './connection/connection-manager.ts'
import { steadyEnvironment, type Environment } from './connection/environment.ts'
import { Events } from './events.ts'
import type { ClientOptions } from './options.ts'
import { Outbox } from './outbox/outbox.ts'
import type { Transmission } from './outbox/send-queue.ts'
import { Requests } from './request/requests.ts'
import { listIn, objectIn } from './rest/answer.ts'
import type { HttpCall } from './rest/http.ts'
import { createRest } from './rest/rest.ts'
import type { SessionManager } from './session/session.ts'
import { singleTab, type Tabs } from './session/tabs.ts'
import { confirmOwn } from './spread.ts'
import { Conversation } from './store/conversation.ts'
import { Conversations } from './store/conversations.ts'
import { Focus } from './store/focus.ts'
import { microtaskScheduler, Notifier } from './store/observable.ts'
import { PresenceStore } from './store/presence.ts'
import { ReadPositions } from './store/read-positions.ts'
import { RecentlyOpened, TAIL_LENGTHS, type TailLengths } from './store/recently-opened.ts'
import { UsersDirectory } from './store/users-directory.ts'
import { sendAnswer } from './sync/answers.ts'
import { createReadHistory, type ReadHistory } from './sync/history.ts'
import { Logs, type LogChange } from './sync/logs.ts'
import { Recount } from './sync/recount.ts'
import { Sync } from './sync/sync.ts'

/** What everything stands on. */
export interface Base {
  readonly clock: Clock
  readonly random: Random
  readonly environment: Environment
  readonly tabs: Tabs
  readonly events: Events
  readonly notifier: Notifier
  readonly tails: TailLengths
}

/** What the parts below reach lazily, because they need one another. */
export interface Links {
  readonly session: SessionManager
  readonly connection: ConnectionManager
  /** A call with the access token of the person who is signed in. */
  readonly call: (call: HttpCall) => Promise<unknown>
  readonly onLogs: (change: LogChange) => void
  /** Something that is unsent came, went or changed. */
  readonly onOutbox: () => void
}

export interface Parts {
  readonly logs: Logs
  readonly recent: RecentlyOpened
  readonly requests: Requests
  readonly recount: Recount
  readonly users: UsersDirectory
  readonly presence: PresenceStore
  readonly reads: ReadPositions
  readonly focus: Focus
  readonly cache: CacheWriter
  readonly outbox: Outbox
  readonly sync: Sync
  readonly handles: Conversations
  readonly rest: Rest
}

export function createBase(options: ClientOptions): Base {
  const events = new Events()
  const random = options.random ?? systemRandom
  const onError = (error: unknown) => events.failed(error, 'listener')
  return {
    random,
    events,
    clock: options.clock ?? systemClock,
    environment: options.environment ?? steadyEnvironment,
    tabs: options.tabs ?? singleTab(random),
    tails: options.tails ?? TAIL_LENGTHS,
    notifier: new Notifier(options.scheduler ?? microtaskScheduler, onError),
  }
}

/** `links` is read only after everything exists. */
export function createParts(base: Base, links: Links): Parts {
  const { clock, notifier, environment } = base
  /** Frames without an answer: lost without a connection, and that is fine. */
  const tell = (frame: UpFrame) => void (links.connection.connected && links.connection.send(frame))
  const requests = new Requests({ send: (frame) => links.connection.send(frame), clock })
  const history = createReadHistory({
    request: (command) => requests.request(command),
    // A page may show what the answer to a send should have told.
    onPage: (conv, page) => confirmOwn({ logs, outbox }, conv, page.entries),
  })
  const recent: RecentlyOpened = new RecentlyOpened({
    tails: base.tails,
    onEvict: (conv) => handles.peek(conv)?.evict(),
    isOpen: (conv) => handles.peek(conv)?.opened === true,
  })
  const logs: Logs = new Logs({ onChange: links.onLogs, keep: (conv) => recent.tailOf(conv) })
  const recount = new Recount({ logs, history, clock })
  const reads = new ReadPositions({
    clock,
    send: (conv) => tell({ t: 'read', conv, seq: logs.get(conv)?.summary.read ?? 0 }),
  })
  const focus = new Focus({ environment, send: tell })
  const presence = new PresenceStore({
    notifier,
    clock,
    send: (users, convs) => tell({ t: 'watch', users, ...(convs.length > 0 && { convs }) }),
  })
  const cache = new CacheWriter({
    clock,
    state: (conv) => logs.get(conv),
    account: () => accountFacts(logs, recent),
    onError: (error) => base.events.failed(error, 'cache'),
  })
  const users = createUsers(base, links, cache)
  const shared = { base, links, logs, recent, requests, history, recount, reads, focus, users }
  const outbox: Outbox = createOutbox({
    ...shared,
    onChange(conv) {
      handles.peek(conv)?.onOutbox()
      links.onOutbox()
    },
  })
  const sync = createSync({ ...shared, outbox })
  const rest = createRestCalls({ ...shared, sync })
  const handles: Conversations = createHandles({ ...shared, outbox, rest, tell })
  return {
    logs,
    recent,
    requests,
    recount,
    users,
    presence,
    reads,
    focus,
    cache,
    outbox,
    sync,
    handles,
    rest,
  }
}

type Shared = Pick<Parts, 'logs' | 'recent' | 'requests' | 'recount' | 'reads' | 'focus' | 'users'> & {
  readonly base: Base
  readonly links: Links
  readonly history: ReadHistory
}

function createUsers({ clock, notifier }: Base, links: Links, cache: CacheWriter): UsersDirectory {
  return new UsersDirectory({
    notifier,
    clock,
    fetch: async (ids) =>
      listIn<User>(await links.call({ method: 'GET', path: `/api/users?ids=${ids.join(',')}` }), 'users'),
    onChange: (people) => cache.met(people),
  })
}

function createOutbox({
  base,
  logs,
  requests,
  onChange,
}: Shared & { onChange: (conv: string) => void }): Outbox {
  const { clock, random, tabs, events } = base
  return new Outbox({
    clock,
    random,
    onChange,
    owner: tabs.id,
    alive: () => tabs.alive(),
    transmit: async (transmission) => sendAnswer(await requests.request(sendCommand(transmission))),
    cursor: (conv) => logs.get(conv)?.cursor ?? 0,
    onError: (error) => events.failed(error, 'outbox'),
  })
}

function sendCommand({ record, prev, resend }: Transmission) {
  const { conv, cid, base, text, replyTo } = record
  const optional = {
    ...(replyTo !== undefined && { replyTo }),
    ...(prev !== undefined && { prev }),
    ...(resend && { resend }),
  }
  return { t: 'send', conv, cid, base, text, ...optional } as const
}

function createSync(shared: Shared & { outbox: Outbox }): Sync {
  const { base, links, logs, recent, requests, history, recount, reads, outbox } = shared
  return new Sync({
    logs,
    history,
    recount,
    clock: base.clock,
    request: (command, onAnswer) => requests.request(command, onAnswer),
    fetchConversation: async (conv) => {
      const path = `/api/conversations/${encodeURIComponent(conv)}`
      return objectIn<Summary>(await links.call({ method: 'GET', path }), 'conversation')
    },
    wanted: (conv) => recent.has(conv),
    emit: (event, detail) => base.events.emit(event, detail),
    onMe: (me) => links.session.updateMe(me),
    onReadBehind: (conv) => reads.moved(conv),
    onEpoch: () => outbox.rebase(),
    reconnect: (reason) => links.connection.replace(reason),
  })
}

function createRestCalls({ links, users, sync }: Shared & { sync: Sync }): Rest {
  return createRest({
    send: links.call,
    onUsers: (people) => users.remember(people),
    onConversation: (told) => sync.tell(told),
    onMe: (me) => links.session.updateMe(me),
  })
}

function createHandles(
  shared: Shared & { outbox: Outbox; rest: Rest; tell: (frame: UpFrame) => void },
): Conversations {
  const { base, logs, recent, history, reads, focus, outbox, rest, tell } = shared
  const { clock, notifier, events } = base
  const common = {
    clock,
    notifier,
    logs,
    history,
    outbox,
    loadMembers: rest.members,
    sendTyping: (conv: string) => tell({ t: 'typing', conv }),
    onRead: (conv: string) => reads.moved(conv),
    onOpened(conv: string) {
      recent.touch(conv)
      focus.opened(conv)
    },
    onClosed: (conv: string) => focus.closed(conv),
    onError: (error: unknown) => events.failed(error, 'members'),
  }
  return new Conversations((id) => new Conversation({ ...common, id }))
}
