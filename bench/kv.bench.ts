/*
 * What the kv engine and the log make of SQLite: entries a second with their dedupe rows, each writer waiting for its
 * acknowledgement, beside bare SQLite committing the same rows in groups. Everything runs on one core, in turns.
 * `bun bench/kv.bench.ts`; a contender alone: `bun bench/kv.bench.ts <kv|log> <seconds>`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../packages/server/src/log/create-log.ts'
import { MemoryKv } from '../packages/server/src/ports/kv/kv.memory.ts'
import { openSqliteKv } from '../packages/server/src/ports/kv/kv.sqlite.ts'
import type { Kv } from '../packages/server/src/ports/kv/kv.ts'
import { systemClock, systemRandom } from '@tam/util'
import { measureBareCommits } from './lib/bare.ts'
import { SERVER_CORE, pinTo } from './lib/machine.ts'
import { type Row, printRows, rates, share } from './lib/report.ts'
import { quantile, runsOf } from './lib/statistics.ts'

const RUNS = 3
const SECONDS = 3
const CONVERSATIONS = 200
const SHA = 's'.repeat(43)
const BODY = `"type":"message","id":"abcdefghijkl","from":"000000000001","text":"${'x'.repeat(100)}","at":"2026-01-01T00:00:00.000Z"}`

interface Result {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** Stores one entry of a writer and resolves when it is durable. */
type Write = (conversation: number, seq: number) => Promise<unknown>

const pad = (value: number, length: number) => String(value).padStart(length, '0')
const cidOf = (conversation: number, seq: number) => `${pad(conversation, 8)}_${pad(seq, 8)}_bare`

/** The engine alone: the commit that an append of one entry makes. */
function kvWriter(kv: Kv): Write {
  return (conversation, seq) => {
    const author = pad(conversation, 12)
    const cid = cidOf(conversation, seq)
    const [entry, dedupe] = [`m/${pad(seq, 10)}`, `d/${author}/${cid}`]
    return kv.commit(`log/${author}/0`, {
      expect: [
        { key: entry, rev: null },
        { key: dedupe, rev: null },
      ],
      put: [
        { key: entry, value: `{"seq":${seq},"cid":"${cid}",${BODY}` },
        { key: dedupe, value: `${seq} ${SHA}` },
      ],
    })
  }
}

function logWriter(kv: Kv): Write {
  const log = createLog({ kv, clock: systemClock, random: systemRandom, onCommitted: () => {} })
  return (conversation, seq) => {
    const author = pad(conversation, 12)
    const cid = cidOf(conversation, seq)
    return log.append(author, { author, cid, sha: SHA, base: seq - 1, body: `"cid":"${cid}",${BODY}` })
  }
}

async function measure(write: Write, seconds: number): Promise<Result> {
  const latencies: number[] = []
  const start = performance.now()
  const until = start + seconds * 1_000
  async function keepWriting(conversation: number): Promise<void> {
    for (let seq = 1, before = start; before < until; seq++) {
      await write(conversation, seq)
      const now = performance.now()
      latencies.push(now - before)
      before = now
    }
  }
  await Promise.all(Array.from({ length: CONVERSATIONS }, (_, conversation) => keepWriting(conversation)))
  const perSecond = latencies.length / ((performance.now() - start) / 1_000)
  latencies.sort((a, b) => a - b)
  return { perSecond, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

async function contend(contender: string, seconds: number): Promise<Result> {
  if (contender === 'log in memory') {
    return measure(logWriter(new MemoryKv(systemClock)), seconds)
  }
  const directory = mkdtempSync(join(tmpdir(), 'tam-bench-kv-'))
  const fail = (error: Error) => {
    throw error
  }
  const kv = await openSqliteKv({ path: join(directory, 'tam.sqlite'), clock: systemClock, onFatal: fail })
  const result = await measure(contender === 'kv' ? kvWriter(kv) : logWriter(kv), seconds)
  await kv.close()
  rmSync(directory, { recursive: true })
  return result
}

async function runApart(contender: string): Promise<Result> {
  const command = [process.execPath, import.meta.path, contender, String(SECONDS)]
  const child = Bun.spawn([...pinTo(SERVER_CORE), ...command], { stdout: 'pipe', stderr: 'inherit' })
  return JSON.parse(await new Response(child.stdout).text()) as Result
}

async function bench(): Promise<void> {
  const contenders = ['kv', 'log', 'log in memory']
  const bare: number[] = []
  const results = new Map<string, Result[]>(contenders.map((contender) => [contender, []]))
  for (let run = 0; run < RUNS; run++) {
    bare.push((await measureBareCommits(SECONDS, CONVERSATIONS)).perSecond)
    for (const contender of contenders) {
      results.get(contender)?.push(await runApart(contender))
    }
  }
  const baseline = runsOf(bare)
  printRows([...results].map(([contender, runs]) => row(contender, runs, baseline)))
}

function row(contender: string, results: readonly Result[], baseline: ReturnType<typeof runsOf>): Row {
  const own = runsOf(results.map(({ perSecond }) => perSecond))
  const median = (key: 'p50' | 'p99') => runsOf(results.map((result) => result[key])).median.toFixed(1)
  const plain = { name: contender, figure: rates(own), notes: `p50 ${median('p50')} p99 ${median('p99')} ms` }
  if (contender === 'log in memory') {
    return { ...plain, target: '≥ 20.0k/s', met: own.median >= 20_000 }
  }
  const ratio = own.median / baseline.median
  const met = own.median >= 15_000 || ratio >= 0.6
  return {
    ...plain,
    baseline: `bare SQLite ${rates(baseline)}`,
    ratio: share(ratio),
    target: '≥ 15.0k/s or ≥ 60 %',
    met,
  }
}

const [contender, seconds] = process.argv.slice(2)
if (contender === undefined) {
  await bench()
} else {
  console.log(JSON.stringify(await contend(contender, Number(seconds))))
}
process.exit(0)
