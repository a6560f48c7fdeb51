/*
 * The conversation page on a client without a server, for the browser tests: `window.lab` is the server's side.
 * Query: `show` (a conversation), `locale`, `theme`.
 */
import type { ClientEvents, ConnectionState, SessionState, TamClient } from '@tam/client'
import type { Me } from '@tam/protocol'
import { must, systemClock } from '@tam/util'
import { createRoot } from 'react-dom/client'
import { Composer } from '../../src/features/composer/composer.tsx'
import { Timeline } from '../../src/features/timeline/timeline.tsx'
import { ClientContext } from '../../src/hooks/use-client.tsx'
import { createOverlays, OverlaysContext } from '../../src/hooks/use-overlays.tsx'
import { PlatformContext, type Platform } from '../../src/hooks/use-platform.tsx'
import { useReadable } from '../../src/hooks/use-readable.ts'
import { LocaleProvider } from '../../src/i18n/locale.tsx'
import { createDraftStorage } from '../../src/platform/drafts-storage.ts'
import { Drafts, flushWhenLeaving } from '../../src/platform/drafts.ts'
import { createPlace } from '../../src/platform/place.ts'
import { createPreferences } from '../../src/platform/preferences.ts'
import type { Route } from '../../src/platform/route.logic.ts'
import { createState } from '../../src/platform/state.ts'
import '../../src/styles/app.css'
import { ToastProvider } from '../../src/ui/toast.tsx'
import { TooltipLayer } from '../../src/ui/tooltip.tsx'
import { LabHandle, type LabShape } from './lab-handle.ts'
import { people } from './lab-log.ts'

const query = new URLSearchParams(location.search)
document.documentElement.lang = query.get('locale') ?? 'vi'
document.documentElement.dataset['theme'] = query.get('theme') ?? 'light'

const now = Date.now()
const group = (id: string, more: Partial<LabShape>): LabShape => ({
  id,
  kind: 'group',
  title: 'Về Huế dịp Tết',
  head: 200,
  endsAt: now - 60_000,
  ...more,
})
const shapes: readonly LabShape[] = [
  group('big', { head: 100_000 }),
  group('mixed', { head: 3_000, mixed: true }),
  group('unread12', { head: 500, unread: 12, kind: 'channel', title: 'ke-hoach-quy-3' }),
  group('unread10k', { head: 20_000, unread: 10_000 }),
  group('few', { head: 6, withEvents: true }),
  group('other', { head: 80, title: 'Nền tảng – trực đêm' }),
  { id: 'direct', kind: 'direct', title: null, peer: 'u_huong', head: 40, endsAt: now - 60_000 },
  { id: 'empty', kind: 'direct', title: null, peer: 'u_dat', head: 0, endsAt: now },
]

const [truc] = people
const me: Me = {
  ...must(truc),
  email: null,
  locale: 'vi',
  presence: { dnd: false, visibility: 'contacts', hiddenFrom: [] },
  createdAt: new Date(now).toISOString(),
}
const session = createState<SessionState>({ status: 'signed-in', me })
const connection = createState<ConnectionState>({ status: 'connected', since: now })
const handles = new Map(shapes.map((shape) => [shape.id, new LabHandle(shape)]))
const users = new Map(people.map((user) => [user.id, user]))
const userListeners = new Set<() => void>()
const messageListeners = new Set<(detail: ClientEvents['message']) => void>()
let usersVersion = 0

for (const handle of handles.values()) {
  handle.onLive = (item) => {
    for (const listener of messageListeners) {
      listener({ conversation: handle.id, item })
    }
  }
}

const handleOf = (id: string): LabHandle => {
  const handle = handles.get(id)
  if (handle === undefined) {
    throw new Error(`the lab has no conversation ${id}`)
  }
  return handle
}

// Only what the timeline and the composer use.
const client = {
  session: { state: session },
  connection,
  conversations: createState([]),
  conversation: handleOf,
  users: {
    get: (id: string) => users.get(id),
    subscribe: (listener: () => void) => {
      userListeners.add(listener)
      return () => userListeners.delete(listener)
    },
    version: () => usersVersion,
    remember: () => {},
  },
  on: (_event: 'message', listener: (detail: ClientEvents['message']) => void) => {
    messageListeners.add(listener)
    return () => messageListeners.delete(listener)
  },
} as unknown as TamClient

const route = createState<Route>({ name: 'conversation', id: query.get('show') ?? 'big' })
const drafts = new Drafts({ session, storage: createDraftStorage(), clock: systemClock })
flushWhenLeaving(drafts, window)
const platform = {
  router: { route, intended: () => route.get(), go: (next: Route) => route.set(next), back: () => {} },
  preferences: createPreferences(window),
  clock: systemClock,
  drafts,
  place: createPlace(() => window.sessionStorage),
  reachable: createState(true),
} as unknown as Platform

function Page() {
  const place = useReadable(route)
  if (place.name !== 'conversation') {
    return null
  }
  const { id, seq } = place
  return (
    <main aria-label={id} className="flex h-full min-h-0 flex-col bg-canvas">
      <header className="flex h-14 flex-none items-center border-b border-border px-5 font-semibold">
        {id}
      </header>
      <Timeline key={`t${id}`} conversationId={id} {...(seq === undefined ? {} : { seq })} />
      <Composer key={`c${id}`} conversationId={id} />
    </main>
  )
}

const lab = {
  handle: handleOf,
  drafts,
  connection,
  session,
  preferences: platform.preferences,
  show: (id: string, seq?: number) =>
    route.set(seq === undefined ? { name: 'conversation', id } : { name: 'conversation', id, seq }),
  rename(id: string, name: string) {
    const user = users.get(id)
    if (user !== undefined) {
      users.set(id, { ...user, name })
      usersVersion++
      for (const listener of userListeners) {
        listener()
      }
    }
  },
}
export type Lab = typeof lab
Object.assign(window, { lab })

const overlays = createOverlays()
const root = document.querySelector('#root')
if (root !== null) {
  createRoot(root).render(
    <PlatformContext value={platform}>
      <ClientContext value={client}>
        <LocaleProvider locale={platform.preferences.locale}>
          <ToastProvider>
            <OverlaysContext value={overlays}>
              <Page />
            </OverlaysContext>
            <TooltipLayer />
          </ToastProvider>
        </LocaleProvider>
      </ClientContext>
    </PlatformContext>,
  )
}
