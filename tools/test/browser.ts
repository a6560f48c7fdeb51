/* What the browser tests need from the system, and how to get it where that is allowed. */
import { existsSync } from 'node:fs'
import { run } from '../run.ts'

const CHROMIUM = '/usr/bin/chromium'
const EMOJI_FONT = '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'
const PACKAGES = ['chromium', 'fonts-noto-color-emoji']

/** Installs Chromium and an emoji font when this is root on Debian. Returns what is still missing, or undefined. */
export async function prepareBrowser(): Promise<string | undefined> {
  if (existsSync(CHROMIUM) && existsSync(EMOJI_FONT)) {
    return undefined
  }
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`installing ${PACKAGES.join(' and ')}`)
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run(['apt-get', 'update'], { env })
    const installed = await run(['apt-get', 'install', '-y', '--no-install-recommends', ...PACKAGES], { env })
    if (installed.code === 0 && existsSync(CHROMIUM)) {
      return undefined
    }
    console.log(installed.output.slice(-2_000))
  }
  return `the browser tests (apps/web/e2e) need Debian's packages ${PACKAGES.join(' and ')}: apt-get install ${PACKAGES.join(' ')}`
}
