import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

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

test('[S8 PRS-01 PRO-03] people see whether the other is here, where, and what they may of it', async () => {
  await using truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc')
  await using huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')
  const header = truc.page.locator('header', { has: truc.page.getByRole('heading', { level: 1 }) })
  const says = (text: string) => header.getByRole('paragraph').filter({ hasText: text }).waitFor()

  await truc.openDirect('huong', 'Phạm Thu Hường')
  await truc.write('Chị đang ở đâu đấy ạ?')
  await says('Đang hoạt động')
  // Whoever listens hears who it is before how they are.
  await truc.page.getByRole('link', { name: /^Phạm Thu Hường .*Đang hoạt động$/ }).waitFor()
  await huong.open('Đặng Thanh Trúc')
  await says('Đang ở trong cuộc trò chuyện này')

  await huong.page.getByRole('button', { name: 'Tài khoản và cài đặt' }).click()
  const setting = (name: string) => huong.page.getByRole('switch', { name })
  await setting('Không làm phiền').check()
  await says('Không làm phiền')
  await setting('Không làm phiền').uncheck()
  await says('Đang ở trong cuộc trò chuyện này')
  await setting('Hiện trạng thái hoạt động của tôi').uncheck()
  await says('Ngoại tuyến')
  await setting('Hiện trạng thái hoạt động của tôi').check()
  await says('Đang ở trong cuộc trò chuyện này')

  await huong.page.getByLabel('Họ và tên').fill('Phạm Hường')
  await huong.page.getByRole('button', { name: 'Lưu' }).click()
  await header.getByRole('heading', { name: 'Phạm Hường' }).waitFor({ timeout: 2_000 })

  await huong.page.close()
  await header
    .getByRole('paragraph')
    .filter({ hasText: /^Hoạt động/ })
    .waitFor({ timeout: 16_000 })
  expect([truc.errors, huong.errors]).toEqual([[], []])
}, 90_000)
