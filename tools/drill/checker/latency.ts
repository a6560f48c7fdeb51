import type { History } from './history.ts'

export interface Latency {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Milliseconds from invoke to acknowledgement of every acknowledged attempt. */
export function ackLatency(history: History): Latency {
  const samples: number[] = []
  for (const { send, outcome } of history.attempts) {
    if (outcome?.type === 'ok') {
      samples.push(outcome.at - send.at)
    }
  }
  return summarize(samples)
}

/** Milliseconds from the first acknowledgement of a send to its delivery, every session counted. */
export function deliveryLatency(history: History): Latency {
  const acked = new Map<string, number>()
  for (const { send, outcome } of history.attempts) {
    if (outcome?.type === 'ok') {
      const key = `${send.conv} ${outcome.seq}`
      acked.set(key, Math.min(outcome.at, acked.get(key) ?? Infinity))
    }
  }
  const samples: number[] = []
  for (const { conv, deliveries } of history.streams) {
    for (const delivery of deliveries) {
      const at = delivery.type === 'recv' ? acked.get(`${conv} ${delivery.seq}`) : undefined
      if (at !== undefined) {
        samples.push(Math.max(0, delivery.at - at))
      }
    }
  }
  return summarize(samples)
}

/** Milliseconds from each kill to the next definite acknowledgement anywhere. */
export function recoveryLatency(history: History): Latency {
  const acks = history.attempts
    .flatMap(({ outcome }) => (outcome?.type === 'ok' ? [outcome.at] : []))
    .sort((a, b) => a - b)
  const samples: number[] = []
  let next = 0
  for (const mark of history.marks) {
    if (mark.mark === 'kill') {
      while (next < acks.length && (acks[next] ?? 0) <= mark.at) {
        next++
      }
      const ack = acks[next]
      if (ack !== undefined) {
        samples.push(ack - mark.at)
      }
    }
  }
  return summarize(samples)
}

/** What people met while one fault lasted. */
export interface Window {
  readonly name: string
  /** Milliseconds from the first attempt of the history. */
  readonly from: number
  readonly lastsMs: number
  /** Outcomes of the attempts that were made in it. */
  readonly ok: number
  readonly fail: number
  readonly unknown: number
  readonly acks: Latency
  /** Milliseconds from the end of the fault to the next delivery anywhere. */
  readonly nextDeliveryMs: number | undefined
}

/** One window per fault, in order of time. */
export function windows(history: History): Window[] {
  const start = history.attempts[0]?.send.at ?? 0
  const delivered = deliveryTimes(history)
  return history.faults
    .toSorted((a, b) => a.at - b.at)
    .map(({ name, at, until }) => {
      const inside = history.attempts.filter(({ send }) => send.at >= at && send.at < until)
      const outcomes = inside.map(({ outcome }) => outcome?.type)
      const next = delivered[firstAfter(delivered, until)]
      return {
        name,
        from: at - start,
        lastsMs: until - at,
        ok: outcomes.filter((outcome) => outcome === 'ok').length,
        fail: outcomes.filter((outcome) => outcome === 'fail').length,
        unknown: outcomes.filter((outcome) => outcome === 'info' || outcome === undefined).length,
        acks: summarize(
          inside.flatMap(({ send, outcome }) => (outcome?.type === 'ok' ? [outcome.at - send.at] : [])),
        ),
        nextDeliveryMs: next === undefined ? undefined : next - until,
      }
    })
}

function deliveryTimes({ streams }: History): number[] {
  return streams
    .flatMap(({ deliveries }) => deliveries.filter(({ type }) => type === 'recv').map(({ at }) => at))
    .sort((a, b) => a - b)
}

function firstAfter(times: readonly number[], at: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? Infinity) < at) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

export function summarize(samples: number[]): Latency {
  samples.sort((a, b) => a - b)
  const at = (share: number) => samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0
  return { count: samples.length, p50: at(0.5), p99: at(0.99), max: samples.at(-1) ?? 0 }
}
