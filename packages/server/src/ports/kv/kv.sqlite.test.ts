import { afterEach, describe, expect, test } from 'bun:test'
import { Database } from 'bun:sqlite'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '@tam/util'
import { kvContract } from './kv.contract.ts'
import type { SqliteFatal } from './kv.sqlite.errors.ts'
import type { SqliteFaults } from './kv.sqlite.messages.ts'
import { openSqliteKv } from './kv.sqlite.ts'
import { SqliteReader } from './kv.sqlite.reader.ts'
import { SqliteWriter, WAITING_COMMITS_MAX } from './kv.sqlite.writer.ts'
import { type Kv, StorageFull, UnknownOutcome } from './kv.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) {
    await cleanup()
  }
})

function freshPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tam-kv-'))
  cleanups.push(() => rmSync(directory, { recursive: true }))
  return join(directory, 'tam.sqlite')
}

interface Opening {
  readonly clock?: Clock
  readonly faults?: SqliteFaults
  readonly onFatal?: (error: SqliteFatal) => void
  readonly onFull?: (isFull: boolean) => void
}

async function open(
  path: string,
  { clock = systemClock, faults = {}, onFatal, onFull }: Opening = {},
): Promise<Kv> {
  const fail = (error: SqliteFatal) => {
    throw error
  }
  const kv = await openSqliteKv({
    path,
    clock,
    faults,
    onFatal: onFatal ?? fail,
    ...(onFull === undefined ? {} : { onFull }),
  })
  cleanups.push(() => kv.close())
  return kv
}

/** What `promise` rejects with. `expect(…).rejects` waits without letting messages of Workers in. */
function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** The rows that a child acknowledged before it was killed after `acks` of them. */
async function acknowledgedBeforeKill(path: string, acks: number, bytes: number): Promise<number[]> {
  const script = join(import.meta.dir, 'kv.sqlite.crash-child.ts')
  const child = Bun.spawn([process.execPath, script, path, String(bytes)], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  let output = ''
  let lines = 0
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += chunk
    lines += chunk.split('\n').length - 1
    if (lines >= acks) {
      child.kill('SIGKILL')
    }
  }
  await child.exited
  // A last line without its end was cut off in the middle of a number.
  return output.split('\n').slice(0, -1).map(Number)
}

kvContract('sqlite', (clock) => open(freshPath(), { clock }))

describe('sqlite: files', () => {
  test('rows and revs survive closing, and no WAL is left behind', async () => {
    const path = freshPath()
    const kv = await open(path)
    const first = await kv.commit('p', { put: [{ key: 'a', value: '1' }] })
    await kv.close()
    expect(() => statSync(`${path}-wal`)).toThrow()
    const reopened = await open(path)
    expect((await reopened.get('p', 'a'))?.value).toBe('1')
    const second = await reopened.commit('p', { put: [{ key: 'b', value: '1' }] })
    expect(second.committed && first.committed && Number(second.rev) > Number(first.rev)).toBe(true)
  })

  test('closing finishes what was accepted and refuses the rest', async () => {
    const path = freshPath()
    const kv = await open(path)
    const accepted = kv.commit('p', { put: [{ key: 'a', value: '1' }] })
    const closed = kv.close()
    expect(await rejection(kv.commit('p', { put: [{ key: 'b', value: '1' }] }))).toBeInstanceOf(
      UnknownOutcome,
    )
    await closed
    expect((await accepted).committed).toBe(true)
    expect((await (await open(path)).get('p', 'a'))?.value).toBe('1')
  })

  test('a second opener is refused with one line that names the file', async () => {
    const path = freshPath()
    const kv = await open(path)
    const message = `${path}: another server is using this database; stop it, or choose another data directory`
    expect(await rejection(open(path))).toMatchObject({ problem: 'in_use', message })
    await kv.commit('p', { put: [{ key: 'a', value: '1' }] })
    await kv.close()
    expect((await (await open(path)).get('p', 'a'))?.value).toBe('1')
  })

  test('who only looks whether it is in use does not make it so', async () => {
    const path = freshPath()
    await (await open(path)).close()
    // Where another is for a moment when two open at once.
    using other = new Database(`${path}.lock`)
    other.run('BEGIN')
    other.query('SELECT * FROM sqlite_schema').all()
    await open(path)
  })

  test('a lock that is none is named, not the database beside it', async () => {
    const path = freshPath()
    await (await open(path)).close()
    writeFileSync(`${path}.lock`, 'x'.repeat(5_000))
    const message = `${path}.lock: not a lock of this program; it holds no data, remove it`
    expect(await rejection(open(path))).toMatchObject({ problem: 'corrupt', message })
    rmSync(`${path}.lock`)
    mkdirSync(`${path}.lock`)
    expect(await rejection(open(path))).toMatchObject({ problem: 'unwritable', path: `${path}.lock` })
    rmSync(`${path}.lock`, { recursive: true })
    await open(path)
  })

  test('a file that is no database is left as it is', async () => {
    const path = freshPath()
    for (const content of ['x', 'not a database '.repeat(1_000)]) {
      writeFileSync(path, content)
      expect(await rejection(open(path))).toMatchObject({ problem: 'corrupt', path })
      expect(readFileSync(path, 'utf8')).toBe(content)
    }
  })

  test('a damaged database is left as it is', async () => {
    const path = freshPath()
    const kv = await open(path)
    const put = Array.from({ length: 500 }, (_, index) => ({ key: `${index}`, value: 'x'.repeat(500) }))
    await kv.commit('p', { put })
    await kv.close()
    const whole = readFileSync(path)
    const damages: [string, () => void][] = [
      ['pages overwritten', () => writeFileSync(path, Buffer.from(whole).fill(0xaa, 3 * 4096, 20 * 4096))],
      ['cut off', () => truncateSync(path, 10 * 4096)],
      ['header only', () => truncateSync(path, 50)],
    ]
    for (const [name, damage] of damages) {
      writeFileSync(path, whole)
      damage()
      const before = readFileSync(path)
      expect(await rejection(open(path)), name).toMatchObject({ problem: 'corrupt', path })
      expect(readFileSync(path).equals(before)).toBe(true)
    }
    writeFileSync(path, whole)
    expect((await (await open(path)).get('p', '7'))?.value).toHaveLength(500)
  })

  test('the log of a database that is missing or empty is left as it is', async () => {
    const path = freshPath()
    const kv = await open(path)
    await kv.commit('p', { put: [{ key: 'a', value: '1' }] })
    const [whole, log] = [readFileSync(path), readFileSync(`${path}-wal`)]
    await kv.close()
    const damages: [string, () => void][] = [
      ['empty', () => writeFileSync(path, '')],
      ['missing', () => rmSync(path)],
    ]
    for (const [name, damage] of damages) {
      damage()
      writeFileSync(`${path}-wal`, log)
      expect(await rejection(open(path)), name).toMatchObject({ problem: 'corrupt', path })
      expect(readFileSync(`${path}-wal`).equals(log), name).toBe(true)
    }
    writeFileSync(path, whole)
    expect((await (await open(path)).get('p', 'a'))?.value).toBe('1')
  })

  test("another program's database is left as it is", async () => {
    const path = freshPath()
    const other = new Database(path)
    other.run('CREATE TABLE theirs (a)')
    other.close()
    const before = readFileSync(path)
    expect(await rejection(open(path))).toMatchObject({ problem: 'corrupt' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('a database of a newer version is refused', async () => {
    const path = freshPath()
    await (await open(path)).close()
    const database = new Database(path)
    database.run('PRAGMA user_version = 99')
    database.close()
    expect(await rejection(open(path))).toMatchObject({ problem: 'newer' })
  })

  test('a directory that cannot be written is named, with what to do', async () => {
    const file = freshPath()
    writeFileSync(file, '')
    for (const path of [join(file, 'tam.sqlite'), '/proc/tam/tam.sqlite']) {
      const message = expect.stringContaining('choose another data directory')
      expect(await rejection(open(path))).toMatchObject({ problem: 'unwritable', path, message })
    }
  })
})

describe('sqlite: crashes', () => {
  test('every acknowledged row survives kill -9, again and again, and the lock needs no cleaning', async () => {
    const path = freshPath()
    const acknowledged: number[] = []
    for (let round = 0; round < 4; round++) {
      acknowledged.push(...(await acknowledgedBeforeKill(path, 1_000, 200)))
    }
    const kv = await open(path)
    expect(acknowledged.length).toBeGreaterThanOrEqual(4_000)
    const refs = acknowledged.flatMap((row) => {
      const key = `r${String(row).padStart(10, '0')}`
      return [key, `t${key}`].map((name) => ({ partition: 'p', key: name }))
    })
    const rows = await kv.getMany(refs)
    expect(rows.filter((row) => row === undefined)).toHaveLength(0)
    // All or nothing: as many rows as twins.
    const count = async (prefix: string) =>
      (await kv.scan('p', { from: prefix, to: `${prefix}~`, limit: 1e6 })).length
    expect(await count('r')).toBe(await count('t'))
  })

  test('an error of COMMIT ends the process without an acknowledgement', async () => {
    const path = freshPath()
    const script = join(import.meta.dir, 'kv.sqlite.crash-child.ts')
    const child = Bun.spawnSync([process.execPath, script, path, '10', '3'])
    expect(child.exitCode).toBe(70)
    expect(child.stderr.toString()).toBe(
      `${path}: SQLITE_IOERR_FSYNC: injected: disk I/O error; ending rather than acknowledging what may not be on disk\n`,
    )
    const acknowledged = child.stdout.toString().split('\n').length - 1
    const stored = await (await open(path)).scan('p', { from: 'r', to: 's', limit: 1e6 })
    expect(stored.length).toBeGreaterThanOrEqual(acknowledged)
  })

  test('after a fatal error nothing is acknowledged any more', async () => {
    const fatal: SqliteFatal[] = []
    const kv = await open(freshPath(), { faults: { failCommit: 2 }, onFatal: (error) => fatal.push(error) })
    const put = (key: string) => kv.commit('p', { put: [{ key, value: '1' }] })
    expect((await put('a')).committed).toBe(true)
    expect(await rejection(put('b'))).toBeInstanceOf(UnknownOutcome)
    expect(await rejection(put('c'))).toBeInstanceOf(UnknownOutcome)
    expect(fatal.map(({ code }) => code)).toEqual(['SQLITE_IOERR_FSYNC'])
    expect((await kv.get('p', 'a'))?.value).toBe('1')
  })
})

describe('sqlite: turns', () => {
  test('the reads of a turn share a snapshot, until it is refreshed or the turn ends', async () => {
    const path = freshPath()
    const kv = await open(path)
    await kv.commit('p', { put: [{ key: 'k', value: '1' }] })
    const reader = new SqliteReader(path)
    cleanups.push(() => reader.close())
    const read = () => reader.get('p', 'k', 0)?.value
    const writer = new Database(path)
    cleanups.push(() => writer.close())
    const write = (value: string) => writer.run('UPDATE kv SET value = ?', [value])
    expect(read()).toBe('1')
    write('2')
    expect(read()).toBe('1')
    reader.refresh()
    expect(read()).toBe('2')
    write('3')
    await new Promise(setImmediate)
    expect(read()).toBe('3')
  })

  test('the outcome of a commit is told after the snapshot was refreshed', async () => {
    const path = freshPath()
    await (await open(path)).close()
    const order: string[] = []
    const writer = new SqliteWriter({
      path,
      clock: systemClock,
      faults: {},
      onOutcome: () => order.push('refreshed'),
      onFull() {},
      onFatal: (_, message) => order.push(message),
    })
    const absent = { expect: [{ key: 'k', rev: null }], put: [{ key: 'k', value: '1' }] }
    for (let i = 0; i < 2; i++) {
      const { committed } = await writer.commit('p', absent)
      order.push(committed ? 'committed' : 'conflict')
    }
    await writer.close()
    expect(order.slice(0, 4)).toEqual(['refreshed', 'committed', 'refreshed', 'conflict'])
  })
})

describe('sqlite: limits', () => {
  test('commits past the limit of the queue are refused as unknown; the others go through', async () => {
    const kv = await open(freshPath())
    const commits = Array.from({ length: WAITING_COMMITS_MAX }, () => kv.commit('p', {}))
    expect(await rejection(kv.commit('p', {}))).toBeInstanceOf(UnknownOutcome)
    expect((await Promise.all(commits)).every(({ committed }) => committed)).toBe(true)
    expect((await kv.commit('p', {})).committed).toBe(true)
  })

  test('large values that wait together do not make one enormous transaction', async () => {
    const path = freshPath()
    const kv = await open(path)
    const value = 'x'.repeat(1_000_000)
    const commits = Array.from({ length: 12 }, (_, index) =>
      kv.commit('p', { put: [{ key: `${index}`, value }] }),
    )
    await commits[3]
    // The fifth is not in the transaction that the first four filled.
    const seen = await kv.scan('p', { from: '', to: '~', limit: 99 })
    expect(seen.length).toBeWithin(4, 12)
    await Promise.all(commits)
    expect(await kv.scan('p', { from: '', to: '~', limit: 99 })).toHaveLength(12)
  })
})

describe('sqlite: space', () => {
  test('a full store refuses what does not fit; reads, deletions and smaller writes go on', async () => {
    const told: boolean[] = []
    const kv = await open(freshPath(), {
      faults: { maxPageCount: 40 },
      onFull: (isFull) => told.push(isFull),
    })
    const put = (key: string, bytes: number) => kv.commit('p', { put: [{ key, value: 'x'.repeat(bytes) }] })
    await put('first', 20_000)
    expect(await rejection(put('large', 400_000))).toBeInstanceOf(StorageFull)
    expect(await rejection(put('large', 400_000))).toBeInstanceOf(StorageFull)
    expect(told).toEqual([true])
    expect(await kv.get('p', 'large')).toBeUndefined()
    expect((await kv.get('p', 'first'))?.value).toHaveLength(20_000)
    expect((await put('small', 10)).committed).toBe(true)
    expect(told).toEqual([true, false])
    await kv.commit('p', { delete: ['first'] })
    expect((await put('second', 20_000)).committed).toBe(true)
    expect((await kv.scan('p', { from: '', to: '~', limit: 9 })).map(({ key }) => key)).toEqual([
      'second',
      'small',
    ])
  })

  test('under constant writing the WAL starts over before it grows past its cap', async () => {
    const path = freshPath()
    const kv = await open(path, { faults: { wal: { startFrames: 256, maxFrames: 1_024 } } })
    const value = 'x'.repeat(20_000)
    const rows = Array.from({ length: 1_000 }, (_, index) => `k${index}`)
    for (let start = 0; start < rows.length; start += 20) {
      await Promise.all(rows.slice(start, start + 20).map((key) => kv.commit('p', { put: [{ key, value }] })))
    }
    // Two batches may be under way when the cap is seen.
    expect(statSync(`${path}-wal`).size).toBeLessThan((1_024 + 400) * 4_120)
    expect(await kv.scan('p', { from: 'k', to: 'l', limit: 1e6 })).toHaveLength(rows.length)
  })

  test('closing while the WAL is being checkpointed loses nothing', async () => {
    const path = freshPath()
    const kv = await open(path, { faults: { wal: { startFrames: 16, maxFrames: 64 } } })
    const value = 'x'.repeat(20_000)
    const write = (index: number) => kv.commit('p', { put: [{ key: `k${index}`, value }] })
    const commits = Array.from({ length: 20 }, (_, index) => write(index))
    await Promise.race(commits)
    commits.push(write(20))
    await kv.close()
    expect(await (await open(path)).scan('p', { from: 'k', to: 'l', limit: 1e6 })).toHaveLength(21)
  })

  test('expired rows are removed from the file', async () => {
    const path = freshPath()
    let sweep = () => {}
    const clock: Clock = { ...systemClock, now: () => now, every: (_ms, fn) => ((sweep = fn), () => {}) }
    let now = 1_000
    const kv = await open(path, { clock })
    const put = Array.from({ length: 300 }, (_, index) => ({ key: `${index}`, value: '', ttl: 1 }))
    await kv.commit('p', { put })
    await kv.commit('p', { put: [{ key: 'kept', value: '', ttl: 100 }] })
    now = 2_000
    sweep()
    await kv.close()
    const database = new Database(path)
    expect(database.query('SELECT key FROM kv').values()).toEqual([['kept']])
    database.close()
  })
})
