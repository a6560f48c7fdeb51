import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

/* Sending while everything else happens: tabs, history, reloads, crashes, signing out. Nothing lost, nothing twice. */

let browser: Browser
let server: RealServer
let people = 0

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const register = (name: string) => Person.register(browser, server.url, name, `nguoi.${++people}`)

/** Two people who have said hello to each other and look at it. */
async function pair(): Promise<[Person, Person]> {
  const truc = await register('Đặng Thanh Trúc')
  const huong = await register('Phạm Thu Hường')
  await truc.openDirect(huong.username, huong.name)
  await truc.write('Chào chị')
  await huong.open(truc.name)
  await huong.sees(['Chào chị'])
  return [truc, huong]
}

describe('two tabs', () => {
  test('[SND-05 SND-06] both write offline and on; everything arrives once, in the order of each tab', async () => {
    const [truc, huong] = await pair()
    const second = await truc.openTab()
    await second.sees(['Chào chị'])
    await truc.context.setOffline(true)
    for (const count of [1, 2, 3]) {
      await truc.write(`tab một ${count}`)
      await second.write(`tab hai ${count}`)
    }
    await truc.context.setOffline(false)
    await Promise.all([truc.allStored(), second.allStored()])
    await huong.seesCount(7)
    const seen = await huong.messages()
    await Promise.all([truc.sees(seen), second.sees(seen)])
    for (const tab of ['tab một', 'tab hai']) {
      expect(seen.filter((text) => text.startsWith(tab))).toEqual([1, 2, 3].map((count) => `${tab} ${count}`))
    }
    await Promise.all([truc[Symbol.asyncDispose](), huong[Symbol.asyncDispose]()])
  }, 90_000)

  test('[PWA-04] signing out in one signs out the other; what was not sent is sent by nobody', async () => {
    const [truc, huong] = await pair()
    const second = await truc.openTab()
    await second.sees(['Chào chị'])
    await Promise.all([truc, second].map(({ page }) => page.evaluate(swallowSends)))
    await truc.write('không bao giờ gửi')
    await truc.page.locator('[data-delivery=sending]').waitFor()
    await truc.page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
    await truc.page.getByRole('button', { name: 'Đăng xuất', exact: true }).last().click()
    await truc.page.getByRole('dialog').last().getByRole('button', { name: 'Đăng xuất' }).click()
    await truc.page.getByRole('heading', { name: 'Chào bạn trở lại' }).waitFor()
    await second.page.getByRole('heading', { name: 'Chào bạn trở lại' }).waitFor()
    // Somebody else signs in at the same device.
    await truc.page.getByRole('link', { name: 'Tạo tài khoản' }).click()
    await truc.page.getByLabel('Họ và tên').fill('Ngô Quang Đạt')
    await truc.page.getByLabel('Tên đăng nhập').fill(`nguoi.${++people}`)
    await truc.page.getByLabel('Mật khẩu', { exact: true }).fill('phượng đỏ sân trường')
    await truc.page.getByRole('button', { name: 'Tạo tài khoản' }).click()
    await truc.page.getByRole('heading', { name: 'Bắt đầu tám thôi' }).waitFor()
    expect(await truc.page.getByText('không bao giờ gửi').count()).toBe(0)
    await huong.page.reload()
    await huong.composer.waitFor()
    await huong.sees(['Chào chị'])
    await Promise.all([truc[Symbol.asyncDispose](), huong[Symbol.asyncDispose]()])
  }, 90_000)
})

/** Slow enough that a page ends before the database begins to write. */
const SLOWDOWN = 12

test('[SND-06] reloading right after Enter on a slow device, five times: every message is there once', async () => {
  const [truc, huong] = await pair()
  const cdp = await truc.context.newCDPSession(truc.page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
  const texts = [1, 2, 3, 4, 5].map((count) => `ngay trước khi tải lại ${count}`)
  for (const text of texts) {
    await truc.write(text)
    await truc.page.reload()
    await truc.composer.waitFor()
  }
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await truc.allStored()
  await huong.sees(['Chào chị', ...texts])
  await truc.sees(['Chào chị', ...texts])
  await Promise.all([truc[Symbol.asyncDispose](), huong[Symbol.asyncDispose]()])
}, 180_000)

test('[CMP-03 NAV-03] Back and Forward right after Enter: every message is where it was written', async () => {
  const [truc, huong] = await pair()
  await using dat = await register('Ngô Quang Đạt')
  await dat.openDirect(truc.username, truc.name)
  await dat.write('Trúc ơi')
  await truc.open(dat.name)
  const [toHuong, toDat] = [['Chào chị'], ['Trúc ơi']]
  for (const count of [1, 2, 3]) {
    await truc.write(`cho Đạt ${count}`)
    await truc.page.goBack()
    await truc.page.getByRole('heading', { level: 1, name: huong.name }).waitFor()
    await truc.write(`cho Hường ${count}`)
    await truc.page.goForward()
    await truc.page.getByRole('heading', { level: 1, name: dat.name }).waitFor()
    toHuong.push(`cho Hường ${count}`)
    toDat.push(`cho Đạt ${count}`)
  }
  await huong.sees(toHuong)
  await dat.sees(toDat)
  expect(truc.errors).toEqual([])
  await Promise.all([truc[Symbol.asyncDispose](), huong[Symbol.asyncDispose]()])
}, 90_000)

test('[SND-04 SND-05] the server is killed three times among thirty messages: all arrive once and in order', async () => {
  const [truc, huong] = await pair()
  const texts = Array.from({ length: 30 }, (_, index) => `tin số ${index + 1}`)
  for (const [index, text] of texts.entries()) {
    await truc.write(text)
    if (index % 10 === 6) {
      await server.kill()
    }
    if (index % 10 === 9) {
      await server.restart()
    }
  }
  await truc.allStored()
  await huong.sees(['Chào chị', ...texts])
  await truc.sees(['Chào chị', ...texts])
  expect([...truc.errors, ...huong.errors]).toEqual([])
  await Promise.all([truc[Symbol.asyncDispose](), huong[Symbol.asyncDispose]()])
}, 120_000)

/** In the page: messages are written into a socket that loses them; everything else gets through. */
function swallowSends(): void {
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (data) {
    if (typeof data !== 'string' || !data.includes('"t":"send"')) {
      send.call(this, data)
    }
  }
}
