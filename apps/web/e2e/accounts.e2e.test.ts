import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'
import { installed } from './service-worker.ts'

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

async function visit(path: string, options: BrowserContextOptions = {}): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext({ locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  await page.goto(server.url + path)
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() })
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('name'))
const described = (page: Page, name: string) =>
  page.evaluate((field) => {
    const ids = document.querySelector(`[name=${field}]`)?.getAttribute('aria-describedby')?.split(' ') ?? []
    return ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
  }, name)

describe('registration', () => {
  test('[ONB-03] wrong fields are told at the fields, the first takes the focus', async () => {
    await using page = await visit('/register')
    await page.getByRole('button', { name: 'Tạo tài khoản' }).click()
    await page.waitForFunction(() => document.querySelectorAll('[aria-invalid=true]').length === 3)
    expect(await focused(page)).toBe('name')
    expect(await described(page, 'password')).toContain('ít nhất 8 ký tự')
  })

  test('a user name follows the name until it is typed, and a taken one is told at its field', async () => {
    await using first = await Person.register(browser, server.url, 'Ngô Quang Đạt', 'dat.ngo')
    expect(first.errors).toEqual([])
    await using page = await visit('/register')
    await page.getByLabel('Họ và tên').fill('Ngô Quang Đạt')
    expect(await page.getByLabel('Tên đăng nhập').inputValue()).toBe('dat.ngo')
    await page.getByLabel('Mật khẩu', { exact: true }).fill('cơm tấm sườn bì')
    await page.keyboard.press('Enter')
    await page.locator('[name=username][aria-invalid=true]').waitFor()
    expect(await focused(page)).toBe('username')
    expect(await described(page, 'username')).toContain('đã có người dùng')
  })

  test('[ONB-01] password managers know the fields; the password can be looked at', async () => {
    await using page = await visit('/login')
    expect(await page.getByLabel('Tên đăng nhập').getAttribute('autocomplete')).toBe('username')
    const password = page.getByLabel('Mật khẩu', { exact: true })
    expect(await password.getAttribute('autocomplete')).toBe('current-password')
    await page.getByRole('button', { name: 'Hiện mật khẩu' }).click()
    expect(await password.getAttribute('type')).toBe('text')
  })
})

describe('signing in and out', () => {
  test('[ONB-02] a wrong password and an unknown name get the same answer; the right one leads home', async () => {
    await using person = await Person.register(browser, server.url, 'Lê Minh Khôi', 'khoi')
    await using page = await visit('/login')
    const answers: string[] = []
    for (const login of ['khoi', 'khong.co.ai']) {
      await page.getByLabel('Tên đăng nhập').fill(login)
      await page.getByLabel('Mật khẩu', { exact: true }).fill('sai mật khẩu rồi')
      const refused = page.waitForResponse((response) => response.url().endsWith('/api/login'))
      await page.keyboard.press('Enter')
      await refused
      await page.locator('[name=password][aria-invalid=true]').waitFor()
      answers.push(await described(page, 'password'))
    }
    expect(answers[0]).toContain('không đúng')
    expect(answers[0]).toBe(answers[1]!)
    expect(await focused(page)).toBe('password')
    await page.getByLabel('Tên đăng nhập').fill('khoi')
    await page.getByLabel('Mật khẩu', { exact: true }).fill('mật khẩu của khoi')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Bắt đầu tám thôi' }).waitFor()
    expect(person.errors).toEqual([])
  })

  test('a reload stays signed in and never shows the sign-in page', async () => {
    await using person = await Person.register(browser, server.url, 'Vũ Hoàng Yến', 'yen')
    await person.page.addInitScript(() => {
      new MutationObserver(() => {
        if (document.querySelector('[name=password]') !== null) {
          Object.assign(window, { sawSignIn: true })
        }
      }).observe(document, { childList: true, subtree: true })
    })
    await person.page.reload()
    await person.page.getByRole('heading', { name: 'Bắt đầu tám thôi' }).waitFor()
    expect(await person.page.evaluate(() => 'sawSignIn' in window)).toBe(false)
  })

  test('[PWA-04] signing out leaves nothing of the account on the device', async () => {
    await using person = await Person.register(browser, server.url, 'Bùi Tuấn Kiệt', 'kiet')
    const { page } = person
    await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Đăng xuất', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Đăng xuất', exact: true }).last().click()
    await page.getByRole('heading', { name: 'Chào bạn trở lại' }).waitFor()
    expect(await keptStores(page)).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'Chào bạn trở lại' }).waitFor()
  })

  test('[PWA-04] so it does without a server, which ends the login when it is there again', async () => {
    await using person = await Person.register(browser, server.url, 'Lý Gia Hân', 'han')
    const { page, context } = person
    await installed(page)
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Thử ngay' }).waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Đăng xuất', exact: true }).click()
    await page.getByText(/Máy chủ hiện không trả lời/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Đăng xuất', exact: true }).last().click()
    await page.getByRole('heading', { name: 'Chào bạn trở lại' }).waitFor()
    expect(await keptStores(page)).toEqual([])
    await context.setOffline(false)
    const ended = page.waitForResponse((response) => response.url().endsWith('/api/logout'))
    await page.reload()
    await page.getByRole('heading', { name: 'Chào bạn trở lại' }).waitFor()
    expect((await ended).status()).toBe(204)
    expect(await context.cookies()).toEqual([])
  }, 60_000)

  test('[OFF-07] what a revoked login left waits for its person, and goes when another one signs in', async () => {
    await using yen = await Person.register(browser, server.url, 'Đinh Hải Yến', 'haiyen')
    await using other = await Person.register(browser, server.url, 'Cao Bảo Long', 'long')
    await yen.openDirect('long', other.name)
    await yen.composer.fill('Anh Long ơi, hợp đồng')
    await using there = await yen.elsewhere(server.url)
    const revoke = async () => {
      await there.page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
      await there.page.getByRole('button', { name: /^Đăng xuất khỏi/ }).click()
      await yen.page.getByText(/^Phiên đăng nhập/).waitFor({ timeout: 5_000 })
      await there.page.keyboard.press('Escape')
    }
    await revoke()
    expect(await keptStores(yen.page)).toContain('tam-drafts/drafts')
    await yen.page.reload()
    await yen.signIn()
    await yen.open(other.name)
    await yen.page.waitForFunction(
      () => document.querySelector('textarea')?.value === 'Anh Long ơi, hợp đồng',
    )
    await revoke()
    await yen.page.getByLabel('Tên đăng nhập').fill('long')
    await yen.page.getByLabel('Mật khẩu', { exact: true }).fill('mật khẩu của long')
    await yen.page.keyboard.press('Enter')
    await yen.page.getByRole('navigation', { name: 'Các cuộc trò chuyện' }).waitFor()
    const me = await there.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
    const stores = await keptStores(yen.page)
    expect(stores.filter((store) => me.some((name) => store.startsWith(`${name}/`)))).toEqual([])
  }, 60_000)

  test('[SET-04] another device is listed and ends when revoked', async () => {
    await using person = await Person.register(browser, server.url, 'Huỳnh Như Ý', 'nhuy')
    await using other = await visit('/login')
    await other.getByLabel('Tên đăng nhập').fill('nhuy')
    await other.getByLabel('Mật khẩu', { exact: true }).fill('mật khẩu của nhuy')
    await other.keyboard.press('Enter')
    await other.getByRole('heading', { name: 'Bắt đầu tám thôi' }).waitFor()
    await person.page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
    await person.page.getByRole('button', { name: /^Đăng xuất khỏi/ }).click()
    await other.getByText(/^Phiên đăng nhập/).waitFor({ timeout: 5_000 })
  })
})

describe('language and theme', () => {
  test('[I18-01] switching the language changes everything without a reload and keeps what was typed', async () => {
    await using page = await visit('/register', { locale: 'en-US' })
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    await page.getByLabel('Full name').fill('Mai Phương Thảo')
    await page.getByRole('button', { name: 'Tiếng Việt' }).click()
    await page.getByRole('heading', { name: 'Tạo tài khoản' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('vi')
    expect(await page.getByLabel('Họ và tên').inputValue()).toBe('Mai Phương Thảo')
    await page.reload()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('vi')
  })

  test('[SET-03] the chosen theme is there before the first paint', async () => {
    await using person = await Person.register(browser, server.url, 'Tô Đức Ưng', 'ung')
    const { page } = person
    await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
    await page.getByRole('dialog').getByText('Tối', { exact: true }).click()
    const rail = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    expect(await rail()).toBe('rgb(11, 14, 13)')
    await page.addInitScript(() => {
      requestAnimationFrame(() =>
        Object.assign(window, { firstFrame: document.documentElement.dataset['theme'] }),
      )
    })
    await page.reload()
    expect(await page.evaluate(() => (window as unknown as { firstFrame: string }).firstFrame)).toBe('dark')
    expect(await rail()).toBe('rgb(11, 14, 13)')
  })
})

/** Stores of the page's databases with anything in them, but for what names the device. */
function keptStores(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const found: string[] = []
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name ?? '')
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error))
      })
      for (const store of database.objectStoreNames) {
        const count = await new Promise<number>((resolve) => {
          const request = database.transaction(store).objectStore(store).count()
          request.addEventListener('success', () => resolve(request.result))
        })
        if (count > 0) {
          found.push(`${name}/${store}`)
        }
      }
      database.close()
    }
    return found.filter((row) => !row.includes('device'))
  })
}
