import type { Engines } from '@tam/server/roles/engines.ts'
import type { Change, CommitResult, Kv } from '@tam/server/ports/kv/kv.ts'
import { isOfMessages, withKv } from './kv-faults.ts'

/** Milliseconds between the counter and the insert, so that a kill comes between. */
const BETWEEN_MS = 40
/** Its row in each bucket: the highest number that was given away. */
const COUNTER = 'counter'

/** The next number is what a counter says; the entry is inserted under it afterwards. */
export function countThenInsert(engines: Engines): Engines {
  const { kv } = engines
  /** Keys of numbers that were given away before: whoever wants one is told once that it is taken. */
  const taken = new Set<string>()
  return withKv(engines, {
    async get(partition, key) {
      const row = await kv.get(partition, key)
      return row ?? (taken.delete(`${partition} ${key}`) ? { value: '', rev: 'planted' } : undefined)
    },
    async commit(partition, change) {
      if (!isOfMessages(partition, change)) {
        return kv.commit(partition, change)
      }
      const numbers = (change.put ?? []).map(({ key }) => key).filter((key) => key.startsWith('m/'))
      const [first = '', last = first] = [numbers[0], numbers.at(-1)]
      if (numberOf(first) <= (await given(kv, partition))) {
        taken.add(`${partition} ${first}`)
        return { committed: false, conflicts: numbers }
      }
      return insert(kv, partition, change, numberOf(last))
    },
  })
}

async function insert(kv: Kv, partition: string, change: Change, last: number): Promise<CommitResult> {
  await kv.commit(partition, { put: [{ key: COUNTER, value: String(last) }] })
  await Bun.sleep(Math.random() * BETWEEN_MS)
  return kv.commit(partition, change)
}

async function given(kv: Kv, partition: string): Promise<number> {
  return Number((await kv.get(partition, COUNTER))?.value ?? 0)
}

function numberOf(key: string): number {
  return Number(key.slice('m/'.length))
}
