import { bun, root, run } from '../../tools/run.ts'
import type { Row } from '../lib/report.ts'
import type { Workload } from './workload.ts'

const FLOOD_PER_SECOND = 100
/** ux.md, L2 and L3, by how many times the processor is slowed. */
const TARGETS: Record<
  number,
  { readonly p98: number; readonly longTasks: number; readonly longest: number }
> = {
  1: { p98: 50, longTasks: 2, longest: 100 },
  4: { p98: 100, longTasks: 2, longest: 100 },
}
/** L3 counts long tasks in windows of so many seconds. */
const WINDOW_SECONDS = 6

interface Typing {
  /** Milliseconds from key to paint, 98th percentile; 16 stands for anything faster. */
  readonly p98: number
  /** Tasks over 50 ms, per window, and the longest in milliseconds. */
  readonly longTasks: number
  readonly longest: number
}

/** What somebody feels who types while a busy conversation flies by. */
export const web: Workload = {
  name: 'web',
  wholeMachine: true,
  title: `web: typing 8 keys/s while ${FLOOD_PER_SECOND} messages/s arrive in the open conversation of 100,000`,
  async run() {
    const rows: Row[] = []
    const raw: unknown[] = []
    for (const slowdown of [1, 4]) {
      const [quiet, busy] = [await measure(slowdown, 0), await measure(slowdown, FLOOD_PER_SECOND)]
      rows.push(row(slowdown, quiet, busy))
      raw.push({ slowdown, quiet, busy })
    }
    return { rows, raw }
  },
}

function row(slowdown: number, quiet: Typing, busy: Typing): Row {
  const target = TARGETS[slowdown] ?? { p98: 0, longTasks: 0, longest: 0 }
  return {
    name: `key to paint at ${slowdown}×`,
    figure: `p98 ${busy.p98.toFixed(0)} ms`,
    baseline: `quiet room ${quiet.p98.toFixed(0)} ms`,
    ratio: `${(busy.p98 / quiet.p98).toFixed(1)} ×`,
    target: `p98 ≤ ${target.p98} ms`,
    met: busy.p98 <= target.p98 && busy.longTasks <= target.longTasks && busy.longest <= target.longest,
    notes: `long tasks ${busy.longTasks.toFixed(1)} per ${WINDOW_SECONDS} s, longest ${busy.longest.toFixed(0)} ms (target ≤ ${target.longTasks}, ≤ ${target.longest})`,
  }
}

async function measure(slowdown: number, perSecond: number): Promise<Typing> {
  const script = `${root}apps/web/e2e/typing-flood.ts`
  const { code, output } = await run([bun, script, String(slowdown), String(perSecond)])
  if (code !== 0) {
    throw new Error(`the browser could not be measured:\n${output}`)
  }
  const { keys, tasks, seconds } = JSON.parse(output.slice(output.lastIndexOf('{'))) as {
    keys: number[]
    tasks: number[]
    seconds: number
  }
  const sorted = keys.sort((a, b) => a - b)
  return {
    p98: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.98))] ?? 0,
    longTasks: (tasks.length / seconds) * WINDOW_SECONDS,
    longest: Math.max(0, ...tasks),
  }
}
