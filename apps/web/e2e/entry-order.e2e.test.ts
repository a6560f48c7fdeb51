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

test('[TL-17] the later message arrives first: the order is that of the log, and rows change places at most once', async () => {
  await using truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc')
  await using huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')
  await truc.openDirect('huong', huong.name)
  await truc.write('Chào chị')
  await huong.open(truc.name)
  let held: string | undefined
  let swapped = false
  await truc.page.routeWebSocket(/\/ws/, (socket) => {
    const upstream = socket.connectToServer()
    upstream.onMessage((data) => {
      const text = String(data)
      if (text.includes('"t":"entry"') && text.includes('tin trước')) {
        held = text
        return
      }
      socket.send(data)
      if (held !== undefined && text.includes('"t":"entry"') && text.includes('tin sau')) {
        socket.send(held)
        swapped = true
      }
    })
  })
  await truc.page.reload()
  await truc.sees(['Chào chị'])
  await truc.page.locator('header').getByText('Đang hoạt động').waitFor()
  await truc.page.evaluate(() => {
    const orders: string[] = []
    Object.assign(window, { orders })
    const look = () => {
      const texts = [...document.querySelectorAll<HTMLElement>('.message-text')].map(
        ({ innerText }) => innerText,
      )
      const order = texts.filter((text) => text.startsWith('tin ')).join(', ')
      if (order !== orders.at(-1)) {
        orders.push(order)
      }
    }
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
  })
  await huong.write('tin trước')
  await huong.write('tin sau')
  await truc.sees(['Chào chị', 'tin trước', 'tin sau'])
  expect(swapped).toBe(true)
  const orders = await truc.page.evaluate(() => (window as unknown as { orders: string[] }).orders)
  expect(orders.at(-1)).toBe('tin trước, tin sau')
  expect(orders.filter((order) => order.startsWith('tin sau')).length).toBeLessThanOrEqual(1)
}, 60_000)
