import { quantile } from '../lib/statistics.ts'

export interface LoopResult {
  /** Steps a second. */
  readonly perSecond: number
  /** Milliseconds of a step. */
  readonly p50: number
  readonly p99: number
}

/** One step of a worker, which waits for it. */
export type Step = (worker: number, index: number) => Promise<unknown>

export interface Loop {
  readonly workers: number
  readonly step: Step
  readonly warmSeconds: number
  readonly seconds: number
}

/** Every worker makes one step after the other. */
export async function closedLoop({ workers, step, warmSeconds, seconds }: Loop): Promise<LoopResult> {
  const latencies: number[] = []
  const from = performance.now() + warmSeconds * 1_000
  const until = from + seconds * 1_000
  async function work(worker: number): Promise<void> {
    for (let index = 0; performance.now() < until; index++) {
      const before = performance.now()
      await step(worker, index)
      const after = performance.now()
      // By its end: a step that takes as long as the window would be counted by none or twice otherwise.
      if (after >= from && after < until) {
        latencies.push(after - before)
      }
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  latencies.sort((a, b) => a - b)
  return {
    perSecond: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  }
}
