import type { Engines } from '@tam/server/roles/engines.ts'
import { UnknownOutcome } from '@tam/server/ports/kv/kv.ts'
import type { Change, CommitResult, Kv } from '@tam/server/ports/kv/kv.ts'

/** Milliseconds by which commits are late, so that a kill meets them under way. */
const LATE_MS = 40
/** Long enough for a removal to come between, and short of the 5 s of an answer when two servers take turns. */
const VERY_LATE_MS = 700
const SHARES = { unknown: 0.03, forgotten: 0.01, zombie: 0.02 }
/** A server repeats a commit for 5 s. */
const ZOMBIE = { unknownMs: 5_500, appliesAfterMs: 8_000 }

type Commit = (partition: string, change: Change) => Promise<CommitResult>

/** Every commit of a log takes a while; harmless by itself. */
export function slowCommits(engines: Engines): Engines {
  return onLogs(engines, async (kv, partition, change) => {
    await Bun.sleep(Math.random() * LATE_MS)
    return kv.commit(partition, change)
  })
}

/** Every commit of a log takes so long that people are removed, and come back, while theirs is under way. */
export function verySlowCommits(engines: Engines): Engines {
  return onLogs(engines, async (kv, partition, change) => {
    await Bun.sleep(Math.random() * VERY_LATE_MS)
    return kv.commit(partition, change)
  })
}

/** The outcome of some commits is not known, whether they applied, did not, or do later. */
export function outcomesUnknown(engines: Engines): Engines {
  return onLogs(engines, async (kv, partition, change) => {
    const chance = Math.random() / SHARES.unknown
    if (chance < 0.3) {
      await kv.commit(partition, change)
    } else if (chance < 0.6) {
      setTimeout(() => void kv.commit(partition, change).catch(() => {}), LATE_MS)
    }
    if (chance < 1) {
      throw new UnknownOutcome('planted')
    }
    return kv.commit(partition, change)
  })
}

/** Some commits stay unknown for longer than a server repeats them, and apply when nobody asks any more. */
export function zombieCommits(engines: Engines): Engines {
  const unknownUntil = new Map<string, number>()
  return onLogs(engines, async (kv, partition, change) => {
    const id = `${partition} ${change.expect?.map(({ key }) => key).join(' ')}`
    const now = performance.now()
    if (!unknownUntil.has(id) && Math.random() < SHARES.zombie) {
      unknownUntil.set(id, now + ZOMBIE.unknownMs)
      setTimeout(() => void kv.commit(partition, change).catch(() => {}), ZOMBIE.appliesAfterMs)
    }
    if ((unknownUntil.get(id) ?? 0) > now) {
      throw new UnknownOutcome('planted')
    }
    return kv.commit(partition, change)
  })
}

/** Claims that a commit is durable, then makes it so. */
export function answerEarly(engines: Engines): Engines {
  return onLogs(engines, async (kv, partition, change) => {
    setTimeout(() => void kv.commit(partition, change).catch(() => {}), LATE_MS)
    return { committed: true, rev: 'planted' }
  })
}

/** Claims that a commit is durable and loses some. */
export function forgetSome(engines: Engines): Engines {
  return onLogs(engines, async (kv, partition, change) =>
    Math.random() < SHARES.forgotten ? { committed: true, rev: 'planted' } : kv.commit(partition, change),
  )
}

/** Read positions are told and not stored. */
export function forgetReads(engines: Engines): Engines {
  return withCommit(engines, async (partition, change) =>
    isOfReading(partition, change)
      ? { committed: true, rev: 'planted' }
      : engines.kv.commit(partition, change),
  )
}

/** A side that is expected alone is there, and stays: only its read position moves. */
function isOfReading(partition: string, { expect = [], put = [] }: Change): boolean {
  return (
    partition.startsWith('user/') && expect.length === 1 && put.some(({ key }) => key.startsWith('conv/'))
  )
}

/** Changes commits of messages only: a server that cannot register anybody tests nothing. */
function onLogs(
  engines: Engines,
  commit: (kv: Kv, partition: string, change: Change) => Promise<CommitResult>,
): Engines {
  return withCommit(engines, (partition, change) =>
    isOfMessages(partition, change)
      ? commit(engines.kv, partition, change)
      : engines.kv.commit(partition, change),
  )
}

export function isOfMessages(partition: string, change: Change): boolean {
  return (
    partition.startsWith('log/') &&
    change.put?.some(({ key, value }) => key.startsWith('m/') && value.includes('"type":"message"')) === true
  )
}

export function withCommit(engines: Engines, commit: Commit): Engines {
  return withKv(engines, { commit })
}

export function withKv(engines: Engines, changed: Partial<Kv>): Engines {
  const { kv } = engines
  const wrapped: Kv = {
    get: (partition, key) => kv.get(partition, key),
    getMany: (refs) => kv.getMany(refs),
    scan: (partition, range) => kv.scan(partition, range),
    commit: (partition, change) => kv.commit(partition, change),
    close: () => kv.close(),
    ...changed,
  }
  return { ...engines, kv: wrapped, [Symbol.asyncDispose]: () => engines[Symbol.asyncDispose]() }
}
