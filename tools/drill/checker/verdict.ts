import type { Judgement } from './check.ts'
import type { History } from './history.ts'
import type { Latency } from './latency.ts'
import { ackLatency, deliveryLatency, recoveryLatency } from './latency.ts'

/** Without a judgement on these a run proves nothing. */
const REQUIRED = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9']

export interface Verdict {
  readonly passed: boolean
  /** One page of plain text. */
  readonly text: string
}

/** The page a person reads: what was judged, what was violated, what it cost. */
export function verdict(history: History, judgements: readonly Judgement[]): Verdict {
  const violations = judgements.reduce((sum, judgement) => sum + judgement.violations, 0)
  const silent = judgements
    .filter(({ id, judged }) => judged === 0 && REQUIRED.includes(id))
    .map(({ id }) => id)
  const passed = violations === 0 && silent.length === 0
  const text = [
    ...judgements.flatMap(rows),
    '',
    ...workload(history),
    '',
    ...latencies(history),
    '',
    conclusion(violations, silent),
  ].join('\n')
  return { passed, text }
}

function rows({ id, holds, judged, violations, examples }: Judgement): string[] {
  const mark = violations > 0 ? 'VIOLATED' : judged === 0 ? 'no data' : 'holds'
  const count = violations > 0 ? `${violations} of ${group(judged)}` : group(judged)
  return [
    `${id.padEnd(4)} ${mark.padEnd(9)}${count.padStart(14)}  ${holds}`,
    ...examples.map((example) => `        ${example}`),
  ]
}

function workload(history: History): string[] {
  const outcomes = { ok: 0, fail: 0, info: 0, open: 0 }
  for (const { outcome } of history.attempts) {
    outcomes[outcome?.type ?? 'open']++
  }
  const deliveries = history.streams.reduce((sum, stream) => sum + stream.deliveries.length, 0)
  const kills = history.marks.filter(({ mark }) => mark === 'kill').length
  const entries = [...history.logs.values()].reduce((sum, log) => sum + log.head, 0)
  const seconds = writingSeconds(history)
  return [
    `events ${group(history.events)} · kills ${kills} · ${seconds.toFixed(0)} s of writing · ` +
      `attempts ${group(history.attempts.length)}, ${(history.attempts.length / seconds).toFixed(0)} a second ` +
      `(ok ${group(outcomes.ok)}, refused ${group(outcomes.fail)}, unknown ${group(outcomes.info + outcomes.open)})`,
    `logs ${group(history.logs.size)} · entries ${group(entries)} · sessions ${group(sessions(history))} · ` +
      `deliveries ${group(deliveries)} · history reads ${group(history.histories.length)}`,
  ]
}

/** From the first attempt to the last. */
function writingSeconds({ attempts }: History): number {
  const [first, last] = [attempts[0]?.send.at ?? 0, attempts.at(-1)?.send.at ?? 0]
  return Math.max(1, last - first) / 1_000
}

function sessions(history: History): number {
  return new Set(history.streams.map(({ session }) => session)).size
}

function latencies(history: History): string[] {
  return [
    latencyRow('send to ack, ms', ackLatency(history)),
    latencyRow('ack to delivery, ms', deliveryLatency(history)),
    latencyRow('kill to next ack, ms', recoveryLatency(history)),
  ]
}

function latencyRow(name: string, { count, p50, p99, max }: Latency): string {
  const figure = (value: number) => value.toFixed(1).padStart(9)
  return `${name.padEnd(21)} p50${figure(p50)}  p99${figure(p99)}  max${figure(max)}  of ${group(count)}`
}

function conclusion(violations: number, silent: readonly string[]): string {
  if (violations > 0) {
    return `FAILED: ${group(violations)} violations`
  }
  if (silent.length > 0) {
    return `FAILED: the history says nothing about ${silent.join(', ')}`
  }
  return 'PASSED: nothing lost, doubled or reordered'
}

function group(count: number): string {
  return count.toLocaleString('en-US')
}
