import type { Judgement } from './check.ts'
import type { History } from './history.ts'
import type { Latency, Window } from './latency.ts'
import { ackLatency, deliveryLatency, recoveryLatency, windows } from './latency.ts'

/** Without a judgement on these a run proves nothing. */
const REQUIRED = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9']
const MEBIBYTE = 1024 * 1024

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
    ...faults(history),
    ...memory(history),
    '',
    conclusion(violations, silent),
  ].join('\n')
  return { passed, text }
}

function rows({ id, holds, judged, violations, examples }: Judgement): string[] {
  const mark = violations > 0 ? 'VIOLATED' : judged === 0 ? 'not exercised' : 'holds'
  const count = violations > 0 ? `${violations} of ${group(judged)}` : group(judged)
  return [
    `${id.padEnd(4)} ${mark.padEnd(13)}${count.padStart(14)}  ${holds}`,
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
  const harm = kills > 0 ? `kills ${kills}` : `faults ${history.faults.length}`
  const entries = [...history.logs.values()].reduce((sum, log) => sum + log.head, 0)
  const seconds = writingSeconds(history)
  return [
    `events ${group(history.events)} · ${harm} · ${seconds.toFixed(0)} s of writing · ` +
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
    ...(history.marks.some(({ mark }) => mark === 'kill')
      ? [latencyRow('kill to next ack, ms', recoveryLatency(history))]
      : []),
  ]
}

function latencyRow(name: string, { count, p50, p99, max }: Latency): string {
  const figure = (value: number) => value.toFixed(1).padStart(9)
  return `${name.padEnd(21)} p50${figure(p50)}  p99${figure(p99)}  max${figure(max)}  of ${group(count)}`
}

/** I17: reported, not judged. */
function faults(history: History): string[] {
  const rows = windows(history)
  if (rows.length === 0) {
    return []
  }
  const head = `${'fault'.padEnd(30)} ${'from'.padStart(7)} ${'lasts'.padStart(6)}  ${'ok'.padStart(6)} ${'refused'.padStart(7)} ${'unknown'.padStart(7)}  ${'p50'.padStart(7)} ${'p99'.padStart(7)} ${'max'.padStart(7)}  next`
  return ['', head, ...rows.map(faultRow)]
}

function faultRow({ name, from, lastsMs, ok, fail, unknown, acks, nextDeliveryMs }: Window): string {
  const seconds = (ms: number, width: number) => `${(ms / 1_000).toFixed(1)} s`.padStart(width)
  const count = (value: number, width: number) => group(value).padStart(width)
  const figure = (ms: number) => ms.toFixed(0).padStart(7)
  const next = nextDeliveryMs === undefined ? 'never' : nextDeliveryMs.toFixed(0)
  return [
    `${name.padEnd(30)} ${seconds(from, 7)} ${seconds(lastsMs, 6)} `,
    `${count(ok, 6)} ${count(fail, 7)} ${count(unknown, 7)} `,
    `${figure(acks.p50)} ${figure(acks.p99)} ${figure(acks.max)}  ${next}`,
  ].join(' ')
}

function memory({ memory: events }: History): string[] {
  const rows = events.map(({ node, rssBytes }) => `${node} ${(rssBytes / MEBIBYTE).toFixed(0)}`)
  return rows.length === 0 ? [] : ['', `most memory, MiB: ${rows.join(' · ')}`]
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
