import { type Client, errors, types } from 'cassandra-driver'
import { createLog } from '@tam/server/log/create-log.ts'
import type { Kv } from '@tam/server/ports/kv/kv.ts'
import { must, systemClock, systemRandom } from '@tam/util'
import type { Step } from './closed-loop.ts'

const SHA = 's'.repeat(43)
const BODY = `"type":"message","id":"abcdefghijkl","from":"000000000001","text":"${'x'.repeat(100)}","at":"2026-01-01T00:00:00.000Z"}`
/** As the engine marks a row that never expires. */
const NEVER = '9007199254740991'

/** People who write to conversations of their own run, each waiting for the acknowledgement. */
export interface Writers {
  readonly conversations: number
  /** In each conversation. */
  readonly senders: number
  /** Each appends for its share of the senders; one when left out. */
  readonly servers?: number
}

export interface LogLoad {
  readonly workers: number
  readonly step: Step
  /** Acknowledged entries of one commit, on average so far. */
  fill(): number
}

/** Appends through the log and the kv engine, one for each server. */
export function logLoad(kvs: readonly Kv[], { conversations, senders, servers = 1 }: Writers): LogLoad {
  let commits = 0
  let acknowledged = 0
  const counted = (kv: Kv): Kv => ({
    get: (partition, key) => kv.get(partition, key),
    getMany: (refs) => kv.getMany(refs),
    scan: (partition, range) => kv.scan(partition, range),
    commit(partition, change) {
      commits++
      return kv.commit(partition, change)
    },
    close: () => kv.close(),
  })
  const seams = { clock: systemClock, random: systemRandom, onCommitted: () => {} }
  const logs = kvs.slice(0, servers).map((kv) => createLog({ kv: counted(kv), ...seams }))
  const bases = new Map<number, number>()
  return {
    workers: conversations * senders,
    fill: () => acknowledged / commits,
    async step(worker, index) {
      const cid = `${worker}-${index}`
      const base = bases.get(worker) ?? 0
      const request = { author: `${worker}`, cid, sha: SHA, base, body: `"cid":"${cid}",${BODY}` }
      const log = must(logs[Math.floor(worker / conversations) % logs.length])
      const name = `${conversations}-${senders}-${servers}-${worker % conversations}`
      const result = await log.append(name, request)
      if (!result.ok) {
        throw new Error(`refused: ${result.code}`)
      }
      acknowledged++
      bases.set(worker, result.seq)
    },
  }
}

export interface BareLoad {
  readonly keyspace: string
  /** Names the partitions of this load. */
  readonly name: string
  /** Messages in one batch, each with its dedupe row. */
  readonly messages: number
}

export interface BareBatches {
  readonly step: Step
  /** Batches whose outcome the node could not tell in time. */
  unknown(): number
}

/** The same conditional batch by the bare driver, one after the other in each partition. */
export function bareBatches(client: Client, { keyspace, name, messages }: BareLoad): BareBatches {
  let unknown = 0
  const query = `UPDATE ${keyspace}.kv SET v = ?, rev = ?, expires = ? WHERE p = ? AND k = ? IF rev = null AND expires = null`
  const options = {
    prepare: true,
    consistency: types.consistencies.quorum,
    serialConsistency: types.consistencies.serial,
  }
  const step: Step = async (worker, index) => {
    const write = (key: string, value: string) => ({
      query,
      params: [value, `${index}`, NEVER, `bare/${name}/${worker}`, key],
    })
    const batch = Array.from({ length: messages }, (_, i) => index * messages + i).flatMap((seq) => [
      write(`m/${String(seq).padStart(10, '0')}`, BODY),
      write(`d/${seq}`, SHA),
    ])
    try {
      await client.batch(batch, options)
    } catch (error) {
      if (!isTimeout(error)) {
        throw error
      }
      unknown++
    }
  }
  return { step, unknown: () => unknown }
}

/** Nearly always the batch was applied; nobody asks again here. */
function isTimeout(error: unknown): boolean {
  return error instanceof errors.ResponseError && error.code === types.responseErrorCodes.writeTimeout
}
