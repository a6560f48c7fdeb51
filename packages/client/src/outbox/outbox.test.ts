import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { seededRandom } from '@tam/util'
import { drain } from '../tests/test-network.ts'
import { memoryOutboxStore } from './outbox-store.memory.ts'
import type { OutboxStore } from './outbox-store.ts'
import { Outbox, OUTBOX_MAX } from './outbox.ts'

const clock = new FakeClock()

interface Tab {
  readonly outbox: Outbox
  /** What it sent, in order. */
  readonly sent: string[]
  readonly errors: unknown[]
}

/** A tab that never gets an answer. */
async function tab(owner: string, store: OutboxStore, alive: Set<string> | undefined): Promise<Tab> {
  alive?.add(owner)
  const sent: string[] = []
  const errors: unknown[] = []
  const outbox = new Outbox({
    clock,
    random: seededRandom(owner.length),
    owner,
    alive: async () => alive,
    transmit: ({ record }) => (sent.push(record.text), new Promise(() => undefined)),
    cursor: () => 7,
    onChange: () => undefined,
    onError: (error) => errors.push(error),
  })
  await outbox.open(Promise.resolve(store))
  outbox.setOnline(true)
  return { outbox, sent, errors }
}

test('two tabs on one outbox: each sends its own, and a closed tab is inherited, not before', async () => {
  const store = memoryOutboxStore()
  const alive = new Set<string>()
  const one = await tab('tab một', store, alive)
  const two = await tab('tab hai khác', store, alive)
  one.outbox.setOnline(false)
  one.outbox.send('c1', 'từ tab một', undefined)
  two.outbox.send('c1', 'từ tab hai', undefined)
  await drain()
  await two.outbox.adopt()
  expect(two.sent).toEqual(['từ tab hai'])
  one.outbox.close()
  alive.delete('tab một')
  await two.outbox.adopt()
  await two.outbox.adopt()
  expect(two.sent).toEqual(['từ tab hai', 'từ tab một'])
})

test('typed order survives a clock that goes back', async () => {
  const store = memoryOutboxStore()
  const first = await tab('một', store, undefined)
  first.outbox.setOnline(false)
  first.outbox.send('c1', 'trước', undefined)
  clock.jump(-3_600_000)
  first.outbox.send('c1', 'sau', undefined)
  await drain()
  const second = await tab('hai', store, undefined)
  expect(second.sent).toEqual(['trước', 'sau'])
})

test('[C12] the cid is 22 base64url characters and the base is where the log was', async () => {
  const store = memoryOutboxStore()
  const { outbox } = await tab('một', store, undefined)
  const { cid } = outbox.send('c1', 'Chào', 5)
  await drain()
  expect(cid).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(await store.claim('x', undefined)).toMatchObject([{ cid, base: 7, replyTo: 5 }])
})

test('text is kept as NFC', async () => {
  const { outbox, sent } = await tab('một', memoryOutboxStore(), undefined)
  outbox.send('c1', 'Việt'.normalize('NFD'), undefined)
  await drain()
  expect(sent).toEqual(['Việt'.normalize('NFC')])
})

test('what the server would refuse is refused at once and waits nowhere', async () => {
  const { outbox } = await tab('một', memoryOutboxStore(), undefined)
  await expect(outbox.send('c1', '  \n', undefined).stored).rejects.toMatchObject({ code: 'invalid_request' })
  expect(outbox.items('c1')).toEqual([])
})

test('the outbox is bounded', async () => {
  const { outbox } = await tab('một', memoryOutboxStore(), undefined)
  for (let n = 0; n < OUTBOX_MAX; n++) {
    outbox.send(`c${n % 7}`, `tin ${n}`, undefined)
  }
  await expect(outbox.send('c1', 'một nữa', undefined).stored).rejects.toMatchObject({ code: 'outbox_full' })
})

test('a device that cannot save still sends, and says what went wrong', async () => {
  const broken: OutboxStore = {
    ...memoryOutboxStore(),
    put: () => Promise.reject(new Error('QuotaExceededError')),
  }
  const { outbox, sent, errors } = await tab('một', broken, undefined)
  outbox.send('c1', 'Vẫn gửi được', undefined)
  await drain()
  expect(sent).toEqual(['Vẫn gửi được'])
  expect(errors).toHaveLength(1)
})
