import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

/** One person at one browser, by what they see and press. */
export class Person implements AsyncDisposable {
  readonly name: string
  readonly username: string
  readonly page: Page
  readonly context: BrowserContext
  /** Errors nobody caught in the page. */
  readonly errors: string[] = []

  private constructor(name: string, username: string, context: BrowserContext, page: Page) {
    this.name = name
    this.username = username
    this.context = context
    this.page = page
    page.on('pageerror', (error) => this.errors.push(error.message))
  }

  /** Opens the page and creates an account through the form. */
  static async register(
    browser: Browser,
    url: string,
    name: string,
    username: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const person = await Person.#visit(browser, name, username, options)
    const { page } = person
    await page.goto(`${url}/register`)
    await page.getByLabel('Họ và tên').fill(name)
    await page.getByLabel('Tên đăng nhập').fill(username)
    await page.getByLabel('Mật khẩu', { exact: true }).fill(`mật khẩu của ${username}`)
    await page.getByRole('button', { name: 'Tạo tài khoản' }).click()
    await page.getByRole('heading', { name: 'Bắt đầu tám thôi' }).waitFor()
    return person
  }

  /** The same person signs in at another browser, which knows only what the server knows; `before` runs in its pages. */
  async elsewhere(url: string, before: () => void = () => undefined): Promise<Person> {
    const browser = this.context.browser()
    if (browser === null) {
      throw new Error('the browser of this person is gone')
    }
    const other = await Person.#visit(browser, this.name, this.username, {})
    await other.page.addInitScript(before)
    await other.page.goto(`${url}/login`)
    await other.signIn()
    return other
  }

  /** Fills in the sign-in page. */
  async signIn(): Promise<void> {
    await this.page.getByLabel('Tên đăng nhập').fill(this.username)
    await this.page.getByLabel('Mật khẩu', { exact: true }).fill(`mật khẩu của ${this.username}`)
    await this.page.keyboard.press('Enter')
    await this.page.getByRole('navigation', { name: 'Các cuộc trò chuyện' }).waitFor()
  }

  static async #visit(
    browser: Browser,
    name: string,
    username: string,
    options: BrowserContextOptions,
  ): Promise<Person> {
    const context = await browser.newContext({
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    const page = await context.newPage()
    // Shorter than a test may take: its failure names the step.
    page.setDefaultTimeout(10_000)
    return new Person(name, username, context, page)
  }

  /** The same person in another tab, at the same place. */
  async openTab(): Promise<Person> {
    const page = await this.context.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto(this.page.url())
    const tab = new Person(this.name, this.username, this.context, page)
    await tab.composer.waitFor()
    return tab
  }

  /** Finds somebody by a few letters and opens the direct conversation. */
  async openDirect(query: string, name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Tìm người để nhắn' }).click()
    const dialog = this.page.getByRole('dialog')
    await dialog
      .getByRole('combobox')
      .or(dialog.getByRole('searchbox'))
      .or(dialog.getByRole('textbox'))
      .first()
      .fill(query)
    await dialog.getByText(name, { exact: true }).click()
    await this.composer.waitFor()
  }

  /** Opens a conversation from the list. */
  async open(title: string): Promise<void> {
    await this.page.getByRole('navigation').getByText(title, { exact: true }).click()
    await this.composer.waitFor()
  }

  get composer() {
    return this.page.locator('textarea')
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** Texts of the messages on screen, in order. */
  messages(): Promise<string[]> {
    return this.page.locator('.message-text').allInnerTexts()
  }

  /** Resolves when exactly these messages are on screen, in this order. @throws with what is there instead */
  async sees(texts: readonly string[]): Promise<void> {
    const shown = this.page.waitForFunction(
      (expected) => {
        const shown = [...document.querySelectorAll<HTMLElement>('.message-text')].map(
          (element) => element.innerText,
        )
        return JSON.stringify(shown) === JSON.stringify(expected)
      },
      [...texts],
      { timeout: 30_000 },
    )
    await shown.catch(async (cause: unknown) => {
      const instead = JSON.stringify(await this.messages())
      throw new Error(`${this.name} sees ${instead} and not ${JSON.stringify(texts)}`, { cause })
    })
  }

  /** Resolves when this many messages are on screen. */
  async seesCount(count: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => document.querySelectorAll('.message-text').length === wanted,
      count,
      { timeout: 30_000 },
    )
  }

  /** Resolves when no message on screen waits to be stored. */
  async allStored(): Promise<void> {
    await this.page.waitForFunction(
      () => document.querySelectorAll('.message-row:not(.event-row):not([data-seq])').length === 0,
      undefined,
      { timeout: 30_000 },
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close()
  }
}
