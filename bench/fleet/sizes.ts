/** BENCH_QUICK=1 makes the workloads of the fleet small, to see whether they work; the figures say nothing then. */
export const isQuick = process.env.BENCH_QUICK === '1'

/** `full`, or `quick` in a quick run. */
export function size(full: number, quick: number): number {
  return isQuick ? quick : full
}
