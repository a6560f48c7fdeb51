import { Database } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Baseline: SQLite committing the rows of messages in groups, synced before each group counts, and nothing else:
 * no sockets, no checks, no dedupe lookup. Arguments: seconds, conversations. Prints its figures.
 */
const seconds = Number(process.argv[2] ?? 3)
const conversations = Number(process.argv[3] ?? 200)

const directory = mkdtempSync(join(tmpdir(), 'tam-bench-commits-'))
const database = new Database(join(directory, 'bare.db'), { create: true })
database.run(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = 1;
  PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 20000;
  CREATE TABLE kv (partition TEXT, key TEXT, value TEXT, rev INTEGER, PRIMARY KEY (partition, key));
`)
const insert = database.prepare('INSERT INTO kv VALUES (?, ?, ?, ?)')
const text = 'x'.repeat(100)
const sha = 's'.repeat(43)
const at = new Date().toISOString()
const pad = (value: number, length: number) => String(value).padStart(length, '0')

let rev = 0
/** One message in each conversation: what as many writers, each waiting for its acknowledgement, hand in together. */
const commitGroup = database.transaction((seq: number) => {
  for (let i = 0; i < conversations; i++) {
    const partition = `log/${pad(i, 12)}/0`
    const author = pad(i, 12)
    const cid = `${pad(i, 8)}_${pad(seq, 8)}_bare`
    const entry = { seq, type: 'message', id: pad(seq, 12), from: author, cid, text, at }
    insert.run(partition, `m/${pad(seq, 10)}`, JSON.stringify(entry), ++rev)
    insert.run(partition, `d/${author}/${cid}`, `${seq} ${sha}`, rev)
  }
})

const groups: number[] = []
const start = performance.now()
const cpu = process.cpuUsage()
for (let seq = 1, before = start; performance.now() - start < seconds * 1_000; seq++) {
  commitGroup.immediate(seq)
  const now = performance.now()
  groups.push(now - before)
  before = now
}
const elapsed = (performance.now() - start) / 1_000
const { user, system } = process.cpuUsage(cpu)
groups.sort((a, b) => a - b)
console.log(
  JSON.stringify({
    perSecond: (groups.length * conversations) / elapsed,
    p50: groups[groups.length >> 1],
    p99: groups[Math.floor(groups.length * 0.99)],
    group: conversations,
    cpuMicros: (user + system) / (groups.length * conversations),
  }),
)
insert.finalize()
database.close()
rmSync(directory, { recursive: true })
