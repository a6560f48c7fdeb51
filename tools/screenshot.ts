/* Takes the picture of the README from the seeded community: `bun tools/screenshot.ts`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, systemRandom } from '@tam/util'
import { launchChromium } from '../apps/web/e2e/chromium.ts'
import { parseConfig } from '../packages/server/src/config/config.ts'
import { createLogger } from '../packages/server/src/observability/logger.ts'
import { builtWebRoot, startAll } from '../packages/server/src/roles/all.ts'
import { root } from './run.ts'
import { firstPerson, passwordOf } from './seed/people.ts'
import { seed } from './seed/seed.ts'
import { ensureWebBuild } from './web-build.ts'

const data = mkdtempSync(join(tmpdir(), 'tam-screenshot-'))
await ensureWebBuild(console.log)
await seed(data)
const server = await startAll({
  config: parseConfig({ TAM_PORT: '0', TAM_DATA_DIR: data }),
  webRoot: builtWebRoot,
  clock: systemClock,
  random: systemRandom,
  logger: createLogger('error'),
})
const browser = await launchChromium()
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  locale: 'vi-VN',
  timezoneId: 'Asia/Ho_Chi_Minh',
})
const page = await context.newPage()
await page.goto(`${server.address.url}/login`)
await page.getByLabel('Tên đăng nhập').fill(firstPerson)
await page.getByLabel('Mật khẩu', { exact: true }).fill(passwordOf(firstPerson))
await page.keyboard.press('Enter')
await page.getByText('Nguyễn Văn An').first().click()
await page.locator('.message-text').last().waitFor()
await page.locator('textarea').fill('Em gửi anh bản cập nhật trước 17:00 ạ')
await page.getByRole('button', { name: 'Gửi', exact: true, disabled: false }).waitFor()
await page.evaluate('document.fonts.ready')
await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))')
await page.screenshot({ path: join(root, 'docs/images/conversation.png') })
await browser.close()
await server.stop()
rmSync(data, { recursive: true, force: true })
