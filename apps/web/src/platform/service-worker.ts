import type { ConnectionState, Readable } from '@tam/client'
import type { Clock } from '@tam/util'
import { createState } from './state.ts'

/** Milliseconds between looks for a new build while a page stays open. */
export const LOOK_EVERY_MS = 3_600_000
/** Reasons to look that follow one another faster are one. */
export const LOOK_MIN_MS = 60_000

const ADDRESS = '/sw.js'

export interface ServiceWorkerDependencies {
  readonly window: Window
  readonly connection: Readable<ConnectionState>
  readonly clock: Clock
}

/**
 * Installs the service worker and watches for new builds.
 * @returns true once a reload would bring another build than the one that runs; never reloads by itself
 */
export function startServiceWorker({
  window,
  connection,
  clock,
}: ServiceWorkerDependencies): Readable<boolean> {
  const newer = createState(false)
  const own = window.document.querySelector<HTMLMetaElement>('meta[name="tam-build"]')?.content
  // Absent on a plain http address other than localhost, and in some private windows.
  const container = (window.navigator as Partial<Navigator>).serviceWorker
  if (own === undefined || container === undefined) {
    return newer
  }
  container.addEventListener('controllerchange', () => {
    void buildOf(container.controller).then((build) => newer.set(build !== undefined && build !== own))
  })
  whenLoaded(window, () => {
    container
      .register(trusted(window, ADDRESS), { scope: '/', updateViaCache: 'none' })
      .then((registration) => lookForBuilds(registration, { window, connection, clock }))
      // Without a worker everything works that has a server.
      .catch(() => undefined)
  })
  return newer
}

/** After the first view: fetching the whole build must not delay it. */
function whenLoaded(window: Window, work: () => void): void {
  if (window.document.readyState === 'complete') {
    work()
  } else {
    window.addEventListener('load', work, { once: true })
  }
}

/** A new build comes with a restart of the servers, which every page sees as a lost connection. */
function lookForBuilds(
  registration: Pick<ServiceWorkerRegistration, 'update'>,
  { window, connection, clock }: ServiceWorkerDependencies,
): void {
  const look = atMostEvery(LOOK_MIN_MS, clock, () => void registration.update().catch(() => undefined))
  let lost = false
  connection.subscribe(() => {
    const { status } = connection.get()
    if (status === 'waiting') {
      lost = true
    } else if (status === 'connected' && lost) {
      lost = false
      look()
    }
  })
  window.document.addEventListener('visibilitychange', () => {
    if (window.document.visibilityState === 'visible') {
      look()
    }
  })
  clock.every(LOOK_EVERY_MS, look)
}

/** Calls `work` at once, and what is asked for in the pause after it once at its end. */
function atMostEvery(ms: number, clock: Clock, work: () => void): () => void {
  let pausing = false
  let wanted = false
  const run = (): void => {
    if (pausing) {
      wanted = true
      return
    }
    pausing = true
    wanted = false
    work()
    clock.after(ms, () => {
      pausing = false
      if (wanted) {
        run()
      }
    })
  }
  return run
}

function buildOf(worker: ServiceWorker | null): Promise<string | undefined> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent<unknown>) =>
      resolve(typeof data === 'string' ? data : undefined),
    )
    port1.start()
    worker?.postMessage('build', [port2])
  })
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string }
}

/**
 * The content security policy takes addresses of scripts from a policy only. This is the one policy of the page, and
 * it knows one address: nothing that is injected later can make another.
 */
function trusted(window: Window & { readonly trustedTypes?: TrustedTypes }, address: string): string {
  const policy = window.trustedTypes?.createPolicy('default', {
    createScriptURL(url) {
      if (url !== address) {
        throw new TypeError(`${url} is no script of this application`)
      }
      return url
    },
  })
  return policy?.createScriptURL(address) ?? address
}
