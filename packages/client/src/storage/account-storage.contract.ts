/*
 * What every storage of an account must do. Plain functions that throw, so that the same cases run in Bun for the
 * memory storage and inside a browser for IndexedDB.
 */
import type { Conversation } from '@tam/protocol'
import { assert, must } from '@tam/util'
import type { OutboxRecord } from '../outbox/outbox-item.ts'
import { begin } from '../sync/state.ts'
import type { AccountStorage, OpenAccountStorage } from './account-storage.ts'

type Case = (open: OpenAccountStorage) => Promise<void>

/** Each case opens an account of its own. */
export const accountStorageContract: Record<string, Case> = {
  'records survive being opened again, changed ones as they are last': async (open) => {
    const { outbox } = await open('a1')
    await outbox.put(record('một'))
    await outbox.put(record('hai'))
    await outbox.put({ ...record('một'), error: 'forbidden' })
    const again = await open('a1')
    const claimed = await again.outbox.claim('tab-2', new Set(['tab-2']))
    same(claimed.map(({ text, error }) => [text, error]).sort(), [
      ['hai', undefined],
      ['một', 'forbidden'],
    ])
  },

  'removing is final, and removing what is not there is nothing': async (open) => {
    const { outbox } = await open('a2')
    await outbox.put(record('một'))
    await outbox.remove('cid-một')
    await outbox.remove('cid-một')
    same(await outbox.claim('tab-2', undefined), [])
  },

  'a claim takes what belongs to nobody alive, and becomes its owner': async (open) => {
    const { outbox } = await open('a3')
    await outbox.put({ ...record('của tab sống'), owner: 'alive' })
    await outbox.put({ ...record('của tab chết'), owner: 'dead' })
    await outbox.put({ ...record('của mình'), owner: 'me' })
    const alive = new Set(['alive', 'me'])
    const claimed = await outbox.claim('me', alive)
    same(
      claimed.map(({ text, owner }) => [text, owner]),
      [['của tab chết', 'me']],
    )
    same(await outbox.claim('me', alive), [])
  },

  'without knowing who is alive a claim takes all that is not its own': async (open) => {
    const { outbox } = await open('a4')
    await outbox.put({ ...record('một'), owner: 'other' })
    await outbox.put({ ...record('hai'), owner: 'me' })
    same(
      (await outbox.claim('me', undefined)).map(({ text }) => text),
      ['một'],
    )
  },

  'of two claims at once only one gets a record': async (open) => {
    const { outbox } = await open('a5')
    const second = (await open('a5')).outbox
    await outbox.put({ ...record('một'), owner: 'dead' })
    const both = await Promise.all([
      outbox.claim('x', new Set(['x', 'y'])),
      second.claim('y', new Set(['x', 'y'])),
    ])
    same(both.flat().length, 1)
  },

  'a cache never written is undefined, not empty': async (open) => {
    const { cache } = await open('a6')
    same(await cache.load(), undefined)
  },

  'a write puts and removes conversations with their cursors, people and facts together': async (open) => {
    const { cache } = await open('a7')
    const account = { epoch: 'e1', userCursor: 7, recent: ['c1'] }
    await cache.write({
      account,
      put: [state('c1', 5), state('c2', 9)],
      remove: [],
      people: [person('huong')],
    })
    await cache.write({
      account: { ...account, userCursor: 8 },
      put: [state('c1', 6)],
      remove: ['c2'],
      people: [],
    })
    const loaded = must(await (await open('a7')).cache.load())
    same([loaded.epoch, loaded.userCursor, loaded.recent], ['e1', 8, ['c1']])
    same(loaded.states, [state('c1', 6)])
    same(loaded.people, [person('huong')])
  },

  'clearing leaves nothing': async (open) => {
    const storage: AccountStorage = await open('a8')
    await storage.outbox.put(record('một'))
    await storage.cache.write({ account: { recent: [] }, put: [state('c1', 5)], remove: [], people: [] })
    await Promise.all([storage.outbox.clear(), storage.cache.clear()])
    same(await storage.outbox.claim('tab-2', undefined), [])
    same(await storage.cache.load(), undefined)
  },

  'accounts do not see one another': async (open) => {
    await (await open('a9')).outbox.put(record('riêng'))
    same(await (await open('b9')).outbox.claim('tab-2', undefined), [])
  },
}

function record(text: string): OutboxRecord {
  return { cid: `cid-${text}`, conv: 'c1', text, base: 3, order: 1, since: 2, owner: 'tab-1' }
}

function person(id: string) {
  return { id, username: id, name: 'Nguyễn Thị Hường', avatar: null, bio: '', status: '' }
}

function state(id: string, head: number) {
  const at = '2026-01-01T00:00:00.000Z'
  const summary: Conversation = {
    id,
    kind: 'direct',
    title: null,
    topic: '',
    public: false,
    peer: 'dat',
    role: 'member',
    memberCount: 2,
    head,
    read: 0,
    unread: 1,
    lastMessage: null,
    createdAt: at,
  }
  const entry = {
    type: 'message',
    seq: head,
    from: 'dat',
    cid: 'cid-12345',
    at,
    id: 'm1',
    text: 'Chào',
  } as const
  return { ...begin(summary), tail: [entry] }
}

function same(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  assert(left === right, `${left} is not ${right}`)
}
