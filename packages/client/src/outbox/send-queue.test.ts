import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { seededRandom } from '@tam/util'
import { TamError } from '../errors.ts'
import { drain } from '../tests/test-network.ts'
import type { OutboxRecord } from './outbox-item.ts'
import { EXPIRY_MS, SEND_WINDOW, SendQueue, type Transmission } from './send-queue.ts'

interface Attempt extends Transmission {
  stored(seq: number): Promise<void>
  refused(code: string, retryable: boolean): Promise<void>
}

class Bench {
  readonly clock = new FakeClock()
  readonly attempts: Attempt[] = []
  readonly disk = new Map<string, OutboxRecord>()
  cursor = 0
  #order = 0
  readonly queue = new SendQueue({
    clock: this.clock,
    random: seededRandom(7),
    transmit: (transmission) =>
      new Promise((resolve, reject) => {
        this.attempts.push({
          ...transmission,
          stored: (seq) => (resolve({ seq, at: '2026-01-01T00:00:00.000Z' }), drain()),
          refused: (code, retryable) => (reject(new TamError(code, { retryable })), drain()),
        })
      }),
    save: async (record) => void this.disk.set(record.cid, record),
    erase: (cid) => this.disk.delete(cid),
    cursor: () => this.cursor,
    onChange: () => undefined,
  })

  record(text: string): OutboxRecord {
    const order = ++this.#order
    return { cid: `cid-${text}`, conv: 'c1', text, base: 41, order, since: this.clock.now(), owner: 'tab' }
  }

  async write(...texts: string[]): Promise<void> {
    for (const text of texts) {
      void this.queue.add(this.record(text))
    }
    await drain()
  }

  get states(): string[] {
    return this.queue.items.map(({ record, status }) => `${record.text} ${status.type}`)
  }

  get sent(): string[] {
    return this.attempts.map(({ record }) => record.text)
  }
}

test('nothing is sent before it is on disk', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const bench = new Bench()
  const transmitted: string[] = []
  const queue = new SendQueue({
    clock: bench.clock,
    random: seededRandom(7),
    transmit: ({ record }) => (transmitted.push(record.text), new Promise(() => undefined)),
    save: () => promise,
    erase: () => undefined,
    cursor: () => 0,
    onChange: () => undefined,
  })
  queue.setOnline(true)
  void queue.add(bench.record('một'))
  await drain()
  expect(transmitted).toEqual([])
  resolve()
  await drain()
  expect(transmitted).toEqual(['một'])
})

test('[SN6] messages are pipelined in typed order, each naming the one before it', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  await bench.write('một', 'hai', 'ba')
  expect(bench.sent).toEqual(['một', 'hai', 'ba'])
  expect(bench.attempts.map(({ prev }) => prev)).toEqual([undefined, 'cid-một', 'cid-hai'])
  expect(bench.attempts.map(({ resend }) => resend)).toEqual([false, false, false])
})

test('a send after everything was acknowledged is independent', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  await bench.write('một')
  await bench.attempts[0]!.stored(42)
  await bench.write('hai')
  expect(bench.attempts[1]!.prev).toBeUndefined()
})

test('at most a window of sends is in flight', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  await bench.write(...Array.from({ length: SEND_WINDOW + 3 }, (_, index) => `tin ${index}`))
  expect(bench.attempts).toHaveLength(SEND_WINDOW)
  await bench.attempts[0]!.stored(42)
  expect(bench.attempts).toHaveLength(SEND_WINDOW + 1)
})

test('[SN4] after a lost connection everything unanswered goes out again: same cid, same base, marked resend', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  await bench.write('một', 'hai')
  bench.queue.setOnline(false)
  await bench.attempts[0]!.refused('offline', true)
  await bench.attempts[1]!.refused('offline', true)
  expect(bench.states).toEqual(['một waiting', 'hai waiting'])
  bench.cursor = 99
  bench.queue.setOnline(true)
  const [again, behind] = bench.attempts.slice(2)
  expect(again).toMatchObject({ resend: true, record: { cid: 'cid-một', base: 41 } })
  expect(behind).toMatchObject({ resend: true, prev: 'cid-một', record: { cid: 'cid-hai', base: 41 } })
})

test('a temporary refusal is repeated after a delay, and nothing overtakes it', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  await bench.write('một', 'hai')
  await bench.attempts[0]!.refused('unavailable', true)
  await bench.attempts[1]!.refused('aborted_after', true)
  await bench.write('ba')
  expect(bench.sent).toEqual(['một', 'hai'])
  bench.clock.advance(500)
  expect(bench.sent).toEqual(['một', 'hai', 'một', 'hai', 'ba'])
})

test('[SND-05] behind a failed message the later ones wait with a reason, until the person retries it', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  await bench.write('một', 'hai', 'ba')
  await bench.attempts[0]!.stored(42)
  await bench.attempts[1]!.refused('forbidden', false)
  await bench.attempts[2]!.refused('aborted_after', true)
  bench.clock.advance(60_000)
  expect(bench.states.slice(1)).toEqual(['hai failed', 'ba waiting'])
  expect(bench.queue.items.map(({ behindFailed }) => behindFailed)).toEqual([false, false, true])
  expect(bench.disk.get('cid-hai')?.error).toBe('forbidden')
  bench.queue.retry('cid-hai')
  expect(bench.sent.slice(3)).toEqual(['hai', 'ba'])
  expect(bench.attempts[3]).toMatchObject({ resend: true, record: { cid: 'cid-hai' } })
  expect(bench.disk.get('cid-hai')?.error).toBeUndefined()
})

test('[SND-03] discarding a failed message returns its text and lets the later ones go', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  const stored = bench.queue.add(bench.record('một'))
  await bench.write('hai')
  await bench.attempts[0]!.refused('forbidden', false)
  await bench.attempts[1]!.refused('aborted_after', true)
  await expect(stored).rejects.toMatchObject({ code: 'forbidden' })
  expect(await bench.queue.discard('cid-một')).toBe('một')
  bench.clock.advance(500)
  expect(bench.sent.slice(2)).toEqual(['hai'])
  expect(bench.attempts[2]!.prev).toBeUndefined()
  expect([...bench.disk.keys()]).toEqual(['cid-hai'])
})

test('discarding what is in flight waits for the answer: stored is stored', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  await bench.write('một')
  const discarded = bench.queue.discard('cid-một')
  await bench.attempts[0]!.stored(42)
  expect(await discarded).toBeUndefined()
})

test('[SND-04] a stored message is shown until its entry comes through the log', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  await bench.write('một')
  await bench.attempts[0]!.stored(42)
  expect(bench.states).toEqual(['một stored'])
  expect(bench.disk.size).toBe(0)
  bench.queue.applied(41)
  expect(bench.states).toEqual(['một stored'])
  bench.queue.applied(42)
  expect(bench.states).toEqual([])
})

test('an entry that comes before its ack settles the message; the late answer changes nothing', async () => {
  const bench = new Bench()
  bench.queue.setOnline(true)
  const stored = bench.queue.add(bench.record('một'))
  await drain()
  bench.queue.confirm('cid-một', 42)
  expect(await stored).toBe(42)
  await bench.attempts[0]!.refused('forbidden', false)
  expect(bench.states).toEqual([])
  expect(bench.disk.size).toBe(0)
})

test('an ack of something already applied leaves nothing behind', async () => {
  const bench = new Bench()
  bench.cursor = 50
  bench.queue.setOnline(true)
  await bench.write('một')
  await bench.attempts[0]!.stored(42)
  expect(bench.states).toEqual([])
})

test('after a day a message stops trying by itself and asks', async () => {
  const bench = new Bench()
  await bench.write('một')
  bench.clock.jump(EXPIRY_MS + 1)
  await bench.write('hai')
  bench.queue.setOnline(true)
  expect(bench.states).toEqual(['một failed', 'hai waiting'])
  expect(bench.disk.get('cid-một')?.error).toBe('expired')
  bench.queue.retry('cid-một')
  expect(bench.sent).toEqual(['một', 'hai'])
})

test('[SND-06] messages of an earlier life come back in order, marked as perhaps sent before', async () => {
  const bench = new Bench()
  const [one, two, three] = [bench.record('một'), bench.record('hai'), bench.record('ba')]
  bench.queue.adopt(three)
  bench.queue.adopt({ ...two, error: 'forbidden' })
  bench.queue.adopt(one)
  expect(bench.states).toEqual(['một waiting', 'hai failed', 'ba waiting'])
  bench.queue.setOnline(true)
  expect(bench.attempts).toMatchObject([{ resend: true, record: { text: 'một' } }])
})

test('positions of another epoch are lowered, never raised', async () => {
  const bench = new Bench()
  await bench.write('một')
  bench.queue.rebase()
  bench.queue.setOnline(true)
  expect(bench.attempts[0]!.record.base).toBe(0)
})
