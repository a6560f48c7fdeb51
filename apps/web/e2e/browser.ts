/* Chromium and the lab page for the browser tests: built once per run, served from memory of the disk, port 0. */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import type { Lab } from './lab/main.tsx'
import { serveSite, type Site } from './site.ts'

interface LabOptions {
  /** The conversation that is open. */
  readonly show: string
  readonly width?: number
  readonly height?: number
  readonly theme?: 'light' | 'dark'
  readonly locale?: 'vi' | 'en'
  readonly touch?: boolean
  /** Wall time of the page when it opens; it goes on from there. */
  readonly now?: string
  /** Runs in the page before anything else. */
  readonly before?: string
}

export interface LabPage extends AsyncDisposable {
  readonly page: Page
  readonly cdp: CDPSession
  readonly context: BrowserContext
  /** Errors that nobody caught, in the page. */
  readonly errors: string[]
  /** Runs `work` in the page with the lab's server side. */
  lab<T, A = undefined>(work: (lab: Lab, argument: A) => T | Promise<T>, argument?: A): Promise<T>
  /** Resolves after the next `count` frames were painted. */
  frames(count?: number): Promise<void>
  url(show: string): string
}

let browser: Promise<Browser> | undefined
let site: Promise<Site> | undefined

/** Opens the lab in a context of its own: no storage is shared between tests. */
export async function openLab(options: LabOptions): Promise<LabPage> {
  const [{ origin }, running] = await Promise.all([serveLab(), launch()])
  const { width = 1088, height = 900, theme = 'light', locale = 'vi', touch = false } = options
  const context = await running.newContext({
    viewport: { width, height },
    locale: locale === 'vi' ? 'vi-VN' : 'en-US',
    timezoneId: 'Asia/Ho_Chi_Minh',
    hasTouch: touch,
    reducedMotion: 'no-preference',
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  if (options.before !== undefined) {
    await page.addInitScript(options.before)
  }
  if (options.now !== undefined) {
    await page.clock.install({ time: options.now })
  }
  const url = (show: string): string =>
    `${origin}/e2e/lab/index.html?show=${show}&theme=${theme}&locale=${locale}`
  await page.goto(url(options.show))
  await page.waitForSelector('.composer-field', { timeout: 10_000 }).catch((error: unknown) => {
    throw new Error(`the lab did not start: ${errors.join('; ')}`, { cause: error })
  })
  const frames = (count = 2): Promise<void> => page.evaluate(waitFrames, count)
  return {
    page,
    context,
    errors,
    url,
    cdp: await context.newCDPSession(page),
    lab: (work, argument) =>
      page.evaluate(
        ([source, value]) =>
          // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- a function of the test, run in the page
          new Function('lab', 'argument', `return (${source})(lab, argument)`)(
            (window as unknown as { lab: Lab }).lab,
            value,
          ),
        [work.toString(), argument] as const,
      ),
    frames,
    [Symbol.asyncDispose]: () => context.close(),
  }
}

/** Ends Chromium and the server; the next `openLab` starts them again. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = undefined
  await (await site)?.stop()
  site = undefined
}

async function launch(): Promise<Browser> {
  // A test that ran out of time took its Chromium with it.
  if (browser !== undefined && !(await browser).isConnected()) {
    browser = undefined
  }
  browser ??= launchChromium()
  return browser
}

function serveLab(): Promise<Site> {
  site ??= serveSite({ page: 'e2e/lab/index.html', mode: 'production' })
  return site
}

function waitFrames(count: number): Promise<void> {
  return new Promise((resolve) => {
    const next = (left: number): void => {
      if (left === 0) {
        resolve()
      } else {
        requestAnimationFrame(() => next(left - 1))
      }
    }
    next(count)
  })
}
