/*
 * The service worker: opens the application without a server. It keeps the files of the build and nothing else;
 * conversations and unsent messages are the SDK's, in IndexedDB.
 */
import { systemClock } from '@tam/util'
import { kindOfRequest } from './kind-of-request.ts'
import { openPage } from './open-page.ts'
import type { WorkerScope } from './scope.ts'
import { ShellCaches } from './shell-caches.ts'
import type { Shell } from './shell.ts'

declare const self: WorkerScope
/** Replaced by the build. */
declare const TAM_SHELL: Shell

const { build, files }: Shell = TAM_SHELL
const { origin } = self.location
const fetch: WorkerScope['fetch'] = (request, init) => self.fetch(request, init)
const shell = new ShellCaches({ build, files }, { caches: self.caches, fetch, clock: systemClock, origin })
const stored = new Set(files.map(([path]) => path))

// Taking over at once harms no tab: files of the build it runs stay, and the page is asked of the network.
self.addEventListener('install', (event) => event.waitUntil(shell.install().then(() => self.skipWaiting())))

self.addEventListener('activate', (event) =>
  event.waitUntil(shell.takeOver().then(() => self.clients.claim())),
)

self.addEventListener('fetch', (event) => {
  const { request } = event
  switch (kindOfRequest(request, origin, stored)) {
    case 'page':
      event.respondWith(
        openPage({ fetch: () => fetch(request), stored: () => shell.page(), clock: systemClock }),
      )
      return
    case 'file':
      event.respondWith(shell.file(new URL(request.url).pathname).then((file) => file ?? fetch(request)))
      return
    case 'other':
      return
  }
})

/** A page asks which build it would get. */
self.addEventListener('message', (event) => event.ports[0]?.postMessage(build))
