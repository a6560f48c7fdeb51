import type { Page } from 'playwright-core'

/** Resolves when the service worker has everything and stands before the page. */
export function installed(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const { serviceWorker } = navigator
    const controlled = new Promise<void>((resolve) => {
      serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
    })
    await serviceWorker.ready
    if (serviceWorker.controller === null) {
      await controlled
    }
  })
}

/** Resolves when the device keeps a conversation with `text`: the SDK writes a moment after it shows. */
export async function kept(page: Page, text: string): Promise<void> {
  await page.evaluate(async (wanted) => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error))
      })
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '')
    for (;;) {
      for (const name of names.filter((name) => /^tam-.{12}$/.test(name))) {
        const database = await done(indexedDB.open(name))
        const states = await done(database.transaction('conversations').objectStore('conversations').getAll())
        database.close()
        if (JSON.stringify(states).includes(wanted)) {
          return
        }
      }
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  }, text)
}

/** The addresses in all caches, with the body of each. */
export function cached(page: Page): Promise<readonly (readonly [path: string, body: string])[]> {
  return page.evaluate(async () => {
    const found: [string, string][] = []
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const body = await (await cache.match(request))?.text()
        found.push([new URL(request.url).pathname, body ?? ''])
      }
    }
    return found
  })
}

/** Which build the page is of. */
export function buildOf(page: Page): Promise<string | null> {
  return page.locator('meta[name=tam-build]').getAttribute('content')
}
