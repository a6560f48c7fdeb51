/* The storage contract of the SDK, run by IndexedDB in a real browser. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { accountStorageContract } from '../../../packages/client/src/storage/account-storage.contract.ts'
import { launchChromium } from './chromium.ts'

const CLIENT = join(import.meta.dir, '../../../packages/client/src/storage')
const MODULE = `
  import { accountStorageContract } from '${CLIENT}/account-storage.contract.ts'
  import { indexedDbStorage } from '${CLIENT}/account-storage.indexeddb.ts'
  globalThis.runCase = (name) => accountStorageContract[name](indexedDbStorage)
`

let browser: Browser
let page: Page
let server: Bun.Server<undefined>

beforeAll(async () => {
  const built = await Bun.build({
    entrypoints: ['/entry.ts'],
    files: { '/entry.ts': MODULE },
    target: 'browser',
  })
  const script = await built.outputs[0]!.text()
  const html = { headers: { 'content-type': 'text/html; charset=utf-8' } }
  const shell = new Response(`<!doctype html><script type="module">${script}</script>`, html)
  server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => shell.clone() })
  browser = await launchChromium()
  page = await browser.newPage()
  await page.goto(server.url.href)
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server.stop(true)
})

for (const name of Object.keys(accountStorageContract)) {
  test(`IndexedDB: ${name}`, async () => {
    const complaint = await page.evaluate(
      (wanted) =>
        (globalThis as unknown as { runCase: (name: string) => Promise<void> }).runCase(wanted).then(
          () => '',
          (error: Error) => error.message,
        ),
      name,
    )
    expect(complaint).toBe('')
  })
}
