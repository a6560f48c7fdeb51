import { expect, test } from 'bun:test'
import type { OutboxRecord } from '../outbox/outbox-item.ts'
import { memoryOutboxStore } from '../outbox/outbox-store.memory.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import { journalled, type Notes } from './outbox-journal.ts'

class FakeNotes implements Notes {
  readonly map = new Map<string, string>()
  get length(): number {
    return this.map.size
  }
  key = (index: number) => [...this.map.keys()][index] ?? null
  getItem = (key: string) => this.map.get(key) ?? null
  setItem = (key: string, value: string) => void this.map.set(key, value)
  removeItem = (key: string) => void this.map.delete(key)
}

const record = (cid: string, owner: string): OutboxRecord => ({
  cid,
  owner,
  conv: 'c1',
  text: `tin ${cid}`,
  base: 3,
  order: 1,
  since: 1,
})

/** What a page that ends at once leaves of its writes. */
const ending = (store: OutboxStore): OutboxStore => ({ ...store, put: () => new Promise(() => undefined) })

test('[SND-06] what was written right before a reload is claimed by the next page, once', async () => {
  const [notes, store] = [new FakeNotes(), memoryOutboxStore()]
  const before = journalled(ending(store), 'huong', notes)
  void before.put(record('a', 'trang cũ'))
  void before.put(record('b', 'trang cũ'))
  const after = journalled(store, 'huong', notes)
  const claimed = await after.claim('trang mới', new Set(['trang mới']))
  expect(claimed.map(({ cid, owner }) => [cid, owner]).sort()).toEqual([
    ['a', 'trang mới'],
    ['b', 'trang mới'],
  ])
  expect(notes.map.size).toBe(0)
  expect(await after.claim('trang khác', new Set(['trang mới', 'trang khác']))).toEqual([])
})

test('notes of a page that is alive, and of another person, stay', async () => {
  const [notes, store] = [new FakeNotes(), memoryOutboxStore()]
  void journalled(ending(store), 'huong', notes).put(record('a', 'trang một'))
  void journalled(ending(store), 'dat', notes).put(record('b', 'trang cũ'))
  const other = journalled(store, 'huong', notes)
  expect(await other.claim('trang hai', new Set(['trang một', 'trang hai']))).toEqual([])
  expect(notes.map.size).toBe(2)
})

test('nothing stays noted once it is stored, removed or cleared, and rubbish is dropped', async () => {
  const [notes, store] = [new FakeNotes(), memoryOutboxStore()]
  const outbox = journalled(store, 'huong', notes)
  await outbox.put(record('a', 'trang'))
  expect(notes.map.size).toBe(0)
  notes.setItem('tam-outbox/huong/x', '{')
  notes.setItem('khác', 'giữ lại')
  await outbox.claim('trang', undefined)
  expect([...notes.map.keys()]).toEqual(['khác'])
  void journalled(ending(store), 'huong', notes).put(record('b', 'trang'))
  await outbox.clear()
  expect([...notes.map.keys()]).toEqual(['khác'])
})

test('a device without room for notes stores the message all the same', async () => {
  const notes = new FakeNotes()
  notes.setItem = () => {
    throw new Error('QuotaExceededError')
  }
  const outbox = journalled(memoryOutboxStore(), 'huong', notes)
  await outbox.put(record('a', 'trang cũ'))
  expect(await outbox.claim('trang', undefined)).toHaveLength(1)
})
