/** Several runs of one measurement. */
export interface Runs {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly samples: readonly number[]
}

export function runsOf(samples: readonly number[]): Runs {
  const sorted = samples.toSorted((a, b) => a - b)
  return { median: medianOf(sorted), min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, samples }
}

/** @param sorted ascending; of an even number the mean of the two in the middle */
function medianOf(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** @param sorted ascending */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
