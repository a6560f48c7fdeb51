/** Several runs of one measurement. */
export interface Runs {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly samples: readonly number[]
}

export function runsOf(samples: readonly number[]): Runs {
  const sorted = samples.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, samples }
}

/** @param sorted ascending */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
