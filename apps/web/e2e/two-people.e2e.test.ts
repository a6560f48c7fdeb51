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

test('[S4 SND-05 OFF-02] two people talk in two browsers, offline and back, through a crash and a reload', async () => {
  await using truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc')
  await using huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')

  // People are found without marks, and the other side sees the conversation with the first message.
  await truc.openDirect('huong', 'Phạm Thu Hường')
  await truc.write('Chào chị, em gửi bản PDF rồi ạ 👋')
  await huong.open('Đặng Thanh Trúc')
  await huong.sees(['Chào chị, em gửi bản PDF rồi ạ 👋'])
  await huong.write('Chị nhận được rồi, cảm ơn em.')
  const said = ['Chào chị, em gửi bản PDF rồi ạ 👋', 'Chị nhận được rồi, cảm ơn em.']
  await truc.sees(said)

  // Offline: one's own messages wait on screen, the other's arrive afterwards; the order is the same for both.
  await truc.context.setOffline(true)
  // Chromium cuts an open socket some time after it said so: what is written until then would still go out.
  await truc.page.getByRole('button', { name: 'Thử ngay' }).waitFor({ timeout: 20_000 })
  const offline = ['Em đang trong thang máy', 'mất mạng một lúc', 'gửi sau vậy']
  for (const text of offline) {
    await truc.write(text)
  }
  await truc.sees([...said, ...offline])
  await huong.write('Em có nghe chị nói không?')
  await huong.sees([...said, 'Em có nghe chị nói không?'])
  await truc.context.setOffline(false)
  said.push('Em có nghe chị nói không?', ...offline)
  await huong.sees(said)
  await truc.sees(said)

  // A crash of the server while somebody writes: nothing lost, nothing doubled.
  await server.kill()
  await huong.write('Máy chủ vừa rơi đúng lúc này')
  await truc.write('Em vẫn viết tiếp được')
  await server.restart()
  await Promise.all([truc.allStored(), huong.allStored()])
  await Promise.all(
    [truc, huong].map((person) =>
      person.page.waitForFunction(
        (count) => document.querySelectorAll('.message-text').length === count,
        said.length + 2,
      ),
    ),
  )
  const [one, other] = await Promise.all([truc.messages(), huong.messages()])
  expect(one).toEqual(other)
  expect(one.slice(0, said.length)).toEqual(said)
  expect(one.slice(said.length).sort()).toEqual(['Em vẫn viết tiếp được', 'Máy chủ vừa rơi đúng lúc này'])

  // A reload shows the same again.
  await truc.page.reload()
  await truc.sees(one)
  expect([truc.errors, huong.errors]).toEqual([[], []])
}, 150_000)
