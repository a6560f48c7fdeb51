import type { Correctness } from './driver.ts'
import { DRIVER_CPU_MAX } from './driver.ts'
import type { Runs } from './statistics.ts'

/** One line of the table. */
export interface Row {
  readonly name: string
  readonly figure: string
  /** What it is compared with, measured in the same run. */
  readonly baseline?: string
  readonly ratio?: string
  readonly target?: string
  /** Undefined when there is no target. */
  readonly met?: boolean
  /** Correctness, CPU, ranges. */
  readonly notes?: string
}

const WIDTHS = { name: 48, figure: 25, baseline: 40, ratio: 8, target: 24 }

export function printRows(rows: readonly Row[]): void {
  console.log(
    line({ name: '', figure: 'measured', baseline: 'baseline', ratio: 'ratio', target: 'target' }, ''),
  )
  for (const row of rows) {
    const mark = row.met === undefined ? '' : row.met ? 'met' : 'NOT MET'
    console.log(line(row, mark))
    if (row.notes !== undefined) {
      console.log(`    ${row.notes}`)
    }
  }
}

function line(row: Row, mark: string): string {
  const { name, figure, baseline = '', ratio = '', target = '' } = row
  return (
    name.padEnd(WIDTHS.name) +
    figure.padEnd(WIDTHS.figure) +
    baseline.padEnd(WIDTHS.baseline) +
    ratio.padEnd(WIDTHS.ratio) +
    target.padEnd(WIDTHS.target) +
    mark
  ).trimEnd()
}

/** 12.3k, 4.56M */
export function rate(value: number): string {
  if (value >= 1e6) {
    return `${(value / 1e6).toFixed(2)}M/s`
  }
  return value >= 1e4 ? `${(value / 1e3).toFixed(1)}k/s` : `${value.toFixed(0)}/s`
}

/** Median and range. */
export function rates(runs: Runs): string {
  const bare = (value: number) => rate(value).replace('/s', '')
  return `${rate(runs.median)} (${bare(runs.min)}–${bare(runs.max)})`
}

export function share(value: number): string {
  return `${(value * 100).toFixed(0)} %`
}

export function times(value: number): string {
  return `${value.toFixed(1)} ×`
}

export function correctness(results: readonly Correctness[]): string {
  const sum = (pick: (result: Correctness) => number) =>
    results.reduce((total, result) => total + pick(result), 0)
  const parts = [
    `lost ${sum(({ lost }) => lost)}`,
    `doubled ${sum(({ doubled }) => doubled)}`,
    `reordered ${sum(({ reordered }) => reordered)}`,
  ]
  const [refused, closed] = [sum((result) => result.refused), sum((result) => result.closed)]
  return [
    ...parts,
    ...(refused > 0 ? [`REFUSED ${refused}`] : []),
    ...(closed > 0 ? [`CLOSED ${closed}`] : []),
  ].join(', ')
}

/** True when every message arrived once and in order. */
export function isCorrect(results: readonly Correctness[]): boolean {
  return results.every(
    ({ lost, doubled, reordered, refused, closed }) => lost + doubled + reordered + refused + closed === 0,
  )
}

/** The driver's share of its core; a run above the limit measures the driver. */
export function driverNote(results: readonly { driverCpu: number }[]): string {
  const highest = Math.max(...results.map(({ driverCpu }) => driverCpu))
  return `driver ${share(highest)}${highest > DRIVER_CPU_MAX ? ' — FULL, the server may do more' : ''}`
}
