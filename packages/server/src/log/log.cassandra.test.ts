/*
 * The log on a real Cassandra of three nodes. Only with TAM_TEST_CASSANDRA=1: it starts processes of three gigabytes.
 */
import { expect, test } from 'bun:test'
import { systemClock, systemRandom } from '@tam/util'
import { migrateCassandra } from '../ports/kv/kv.cassandra.migrate.ts'
import type { CassandraKvOptions } from '../ports/kv/kv.cassandra.ts'
import { type CassandraLab, cassandraLab } from '../ports/kv/tests/cassandra-lab.ts'
import { type LogStore, createLog } from './create-log.ts'
import type { AppendResult } from './log.ts'

/** Small, so that many edges are crossed. */
const BUCKET_SIZE = 20
const CONVERSATIONS = 4
const CLIENTS = 3
/** Acknowledged entries in each of three phases: all nodes, one killed, all nodes again. */
const PHASE_ACKS = 60

const lab = await cassandraLab({ nodes: 3 })

interface Stored {
  readonly seq: number
  readonly cid: string
}

async function openLog(own: CassandraLab, options: CassandraKvOptions): Promise<LogStore> {
  const kv = await own.open(options)
  const onCommitted = () => {}
  return createLog({ kv, clock: systemClock, random: systemRandom, onCommitted, bucketSize: BUCKET_SIZE })
}

async function readAll(log: LogStore, conversation: string): Promise<Stored[]> {
  return (await log.read(conversation, 1, 5_000)).map((entry) => JSON.parse(entry) as Stored)
}

/** Clients that write to several conversations by two servers, and resend what has no certain answer. */
class Workload {
  /** Seq by conversation and cid. */
  readonly acks = new Map<string, Map<string, number>>()
  readonly failures: string[] = []
  unknown = 0
  acknowledged = 0
  readonly #servers: readonly LogStore[]
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = []
  #stopped = false

  constructor(servers: readonly LogStore[]) {
    this.#servers = servers
  }

  async run(): Promise<void> {
    const conversations = Array.from({ length: CONVERSATIONS }, (_, index) => `c${index}`)
    const clients = conversations.flatMap((conversation) => {
      this.acks.set(conversation, new Map())
      return Array.from({ length: CLIENTS }, (_, client) => this.#write(conversation, client))
    })
    await Promise.all(clients)
  }

  stop(): void {
    this.#stopped = true
  }

  /** Resolves after so many more acknowledgements. */
  progress(acks: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ count: this.acknowledged + acks, resolve }))
  }

  async #write(conversation: string, client: number): Promise<void> {
    let base = 0
    for (let index = 0; !this.#stopped; index++) {
      base = await this.#send(conversation, `${client}-${index}`, { client, base })
    }
  }

  /** Sends one entry until its outcome is certain: each time by the other server. */
  async #send(conversation: string, cid: string, { client, base }: { client: number; base: number }) {
    const request = { author: `${client}`, cid, sha: cid, base, body: `"cid":"${cid}"}` }
    for (let attempt = client; ; attempt++) {
      const server = this.#servers[attempt % this.#servers.length] as LogStore
      const result: AppendResult = await server.append(conversation, { ...request, resend: attempt > client })
      if (result.ok) {
        this.acks.get(conversation)?.set(cid, result.seq)
        this.#count()
        return result.seq
      }
      if (result.code !== 'unknown') {
        this.failures.push(`${conversation} ${cid}: ${result.code}`)
        return base
      }
      this.unknown++
    }
  }

  #count(): void {
    this.acknowledged++
    for (const { count, resolve } of this.#waiting) {
      if (this.acknowledged >= count) {
        resolve()
      }
    }
  }
}

if (lab !== undefined) {
  test('two servers that append to one conversation at once lose and double nothing', async () => {
    const options = lab.target()
    await migrateCassandra(options)
    const logs = [await openLog(lab, options), await openLog(lab, options)] as const
    const appends = Array.from({ length: 90 }, (_, index) => {
      const cid = `cid-${index}`
      const request = { author: 'a', cid, sha: cid, base: 0, body: `"cid":"${cid}"}` }
      // Every third is sent to both servers.
      const servers = index % 3 === 0 ? logs : [logs[index % 2] as LogStore]
      return Promise.all(servers.map((log) => log.append('c', request)))
    })
    const results = await Promise.all(appends)
    const entries = await readAll(logs[0], 'c')
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1))
    results.forEach((acks, index) => {
      const { seq } = entries.find(({ cid }) => cid === `cid-${index}`)!
      expect(acks.map((ack) => ack.ok && ack.seq)).toEqual(acks.map(() => seq))
    })
  })

  const faults: [what: string, begin: () => unknown, end: () => Promise<void>][] = [
    ['killed', () => lab.cluster.kill(0), () => lab.cluster.start(0)],
    [
      'standing still',
      () => lab.cluster.pause(1),
      () => {
        lab.cluster.resume(1)
        return lab.cluster.answers(1)
      },
    ],
  ]
  for (const [what, begin, end] of faults) {
    test(`with one of three nodes ${what} people go on, and nothing is lost, doubled or reordered`, async () => {
      const options = lab.target()
      await migrateCassandra(options)
      const workload = new Workload([await openLog(lab, options), await openLog(lab, options)])
      const running = workload.run()
      await workload.progress(PHASE_ACKS)
      await begin()
      await workload.progress(PHASE_ACKS)
      await end()
      await workload.progress(PHASE_ACKS)
      workload.stop()
      await running

      expect(workload.failures).toEqual([])
      const fresh = await openLog(lab, options)
      for (const [conversation, acks] of workload.acks) {
        const entries = await readAll(fresh, conversation)
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
        expect(new Map(entries.map(({ seq, cid }) => [cid, seq]))).toEqual(acks)
        expect(entries).toHaveLength(acks.size)
      }
    })
  }
}
