import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

/* Browsers that keep nothing, or lack what others have: one writes all the same, for the visit. */

let browser: Browser
let server: RealServer

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const LACKS: Readonly<Record<string, () => void>> = {
  'IndexedDB throws at once': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('denied', 'SecurityError')
    }
  },
  'there is no IndexedDB': () => Object.defineProperty(window, 'indexedDB', { value: undefined }),
  'IndexedDB never answers': () => {
    IDBFactory.prototype.open = () => Object.create(IDBOpenDBRequest.prototype) as IDBOpenDBRequest
    IDBRequest.prototype.addEventListener = () => undefined
  },
  'there is no BroadcastChannel': () =>
    Object.defineProperty(window, 'BroadcastChannel', { value: undefined }),
}

for (const [index, [lack, plant]] of Object.entries(LACKS).entries()) {
  test(`${lack}: one signs in and writes`, async () => {
    await using reader = await Person.register(browser, server.url, 'Đỗ Thị Hoa', `hoa${index}`)
    await using person = await Person.register(browser, server.url, 'Ngô Bảo Châu', `chau${index}`)
    await person.openDirect(`hoa${index}`, 'Đỗ Thị Hoa')
    await person.write('Chào chị')
    await using other = await person.elsewhere(server.url, plant)
    await other.open('Đỗ Thị Hoa')
    await other.write('Vẫn gửi được')
    await person.sees(['Chào chị', 'Vẫn gửi được'])
    await reader.open('Ngô Bảo Châu')
    await reader.sees(['Chào chị', 'Vẫn gửi được'])
    expect(other.errors).toEqual([])
  }, 60_000)
}
