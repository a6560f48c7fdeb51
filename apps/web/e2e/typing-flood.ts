/*
 * What somebody feels who types while a busy conversation flies by:
 * `bun apps/web/e2e/typing-flood.ts <slowdown> <messages a second>` prints one line of JSON. For `npm run bench`.
 */
import { closeBrowser, openLab, type LabPage } from './browser.ts'

const KEYS = 80
/** Milliseconds between keys: a little more than 8 a second. */
const KEY_MS = 110
const TEXT = 'xin chào cả nhà mình nhé '

/** Milliseconds from key to paint (16 stands for anything faster), tasks over 50 ms, and how long it took. */
interface Typing {
  readonly keys: readonly number[]
  readonly tasks: readonly number[]
  readonly seconds: number
}

async function measure(slowdown: number, perSecond: number): Promise<Typing> {
  await using lab = await openLab({ show: 'big' })
  await lab.page.waitForSelector('.message-row')
  await lab.frames(30)
  await lab.cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await lab.page.focus('.composer-field')
  await lab.page.evaluate(OBSERVE)
  await lab.page.evaluate(`(${FLOOD})(${perSecond})`)
  const seconds = await type(lab)
  const seen: Pick<Typing, 'keys' | 'tasks'> = await lab.page.evaluate(
    '({ keys: window.keys, tasks: window.tasks })',
  )
  // Events under 16 ms are not reported: they fill the list from below.
  const fast = Array.from({ length: Math.max(0, KEYS - seen.keys.length) }, () => 16)
  return { keys: [...fast, ...seen.keys], tasks: seen.tasks, seconds }
}

/** Types at the rate of a fast writer; seconds it took. */
async function type(lab: LabPage): Promise<number> {
  const started = performance.now()
  for (let key = 0; key < KEYS; key++) {
    await lab.page.keyboard.type(TEXT[key % TEXT.length] ?? ' ')
    await Bun.sleep(Math.max(0, started + (key + 1) * KEY_MS - performance.now()))
  }
  return (performance.now() - started) / 1_000
}

const OBSERVE = `
  window.keys = []
  window.tasks = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === 'keydown') window.keys.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: 16, buffered: false })
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' })
`

const FLOOD = `(perSecond) => {
  if (perSecond === 0) return
  const started = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond)
    for (; sent < due; sent++) window.lab.handle('big').receive(1)
    if (performance.now() - started > 20000) clearInterval(timer)
  }, 5)
}`

const [slowdown = 1, perSecond = 0] = process.argv.slice(2).map(Number)
process.stdout.write(`${JSON.stringify(await measure(slowdown, perSecond))}\n`)
await closeBrowser()
