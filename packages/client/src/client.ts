import type { Conversation, Presence } from '@tam/protocol'
import { systemClock, systemRandom } from '@tam/util'
import type { ConnectionState, ConversationHandle, TamClient, Timeline } from './api.ts'
import { TamError } from './errors.ts'
import type { ClientOptions } from './options.ts'
import { Http, type HttpCall } from './rest/http.ts'
import { createRest } from './rest/rest.ts'
import { memoryDeviceStore } from './session/device-store.ts'
import { SessionManager } from './session/session.ts'
import { singleTab } from './session/tabs.ts'
import { microtaskScheduler, Notifier, Value } from './store/observable.ts'

/** A client of one server for one person at a time. */
export function createClient(options: ClientOptions): TamClient {
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const notifier = new Notifier(options.scheduler ?? microtaskScheduler, () => undefined)
  const http = new Http({ url: options.url, fetch: options.fetch ?? fetch, clock })
  const session = new SessionManager({
    http,
    clock,
    random,
    notifier,
    tabs: options.tabs ?? singleTab(random),
    devices: options.devices ?? memoryDeviceStore(),
    listener: { signedIn: () => undefined, signedOut: () => undefined, renewed: () => undefined },
  })
  const send = async (call: HttpCall) => http.send({ ...call, token: await session.token() })
  const handles = new Map<string, ConversationHandle>()
  return {
    session,
    connection: new Value<ConnectionState>(notifier, { status: 'idle' }),
    conversations: new Value<readonly Conversation[] | undefined>(notifier, undefined),
    conversation(id) {
      const handle = handles.get(id) ?? emptyHandle(id, notifier)
      handles.set(id, handle)
      return handle
    },
    users: {
      get: () => undefined,
      subscribe: () => () => undefined,
      version: () => 0,
      remember: () => undefined,
    },
    presence: { states: new Value(notifier, new Map<string, Presence>()), watch: () => () => undefined },
    rest: createRest({
      send,
      onUsers: () => undefined,
      onConversation: () => undefined,
      onMe: (me) => session.updateMe(me),
    }),
    on: () => () => undefined,
    start: () => undefined,
    close: () => Promise.resolve(),
  }
}

function emptyHandle(id: string, notifier: Notifier): ConversationHandle {
  const empty: Timeline = { items: [], hasBefore: false, hasAfter: false, loading: null, failed: null }
  return {
    id,
    summary: new Value(notifier, undefined),
    timeline: new Value(notifier, empty),
    typing: new Value<readonly string[]>(notifier, []),
    members: new Value(notifier, undefined),
    receipts: new Value(notifier, new Map<string, number>()),
    open: () => () => undefined,
    loadBefore: () => Promise.resolve(),
    loadAfter: () => Promise.resolve(),
    jumpTo: () => Promise.resolve(),
    jumpToLatest: () => Promise.resolve(),
    loadMembers: () => Promise.resolve(),
    send: () => ({ cid: '', stored: Promise.reject(new TamError('offline', { retryable: true })) }),
    retry: () => undefined,
    discard: () => Promise.resolve(undefined),
    markRead: () => undefined,
    notifyTyping: () => undefined,
  }
}
