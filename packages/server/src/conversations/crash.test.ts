import { describe, expect, test } from 'bun:test'
import { seededRandom } from '@tam/util'
import { CrashKv, UnknownKv } from './tests/crash-kv.ts'
import { expectWhole } from './tests/whole.ts'
import { Store, createWorld, newCid, type World } from './tests/world.ts'

interface Scenario {
  readonly name: string
  /** Runs undisturbed. @returns the conversation the action is about, if it exists already */
  prepare(world: World): Promise<string>
  act(world: World, conv: string): Promise<unknown>
  /** True when the action has happened, as anybody can see. */
  happened(world: World, conv: string): Promise<boolean>
}

const group = async ({ conversations }: World) =>
  (await conversations.createGroup('an', { title: 'Nhóm dự án', memberIds: ['binh', 'chi'] })).conversation.id
const channel = async ({ conversations }: World) =>
  (await conversations.createChannel('an', { title: 'Thông báo', public: true })).conversation.id
const isMember = async ({ access }: World, conv: string, user: string) =>
  (await access.member(conv, user)) !== undefined

const scenarios: Scenario[] = [
  {
    name: 'create a direct conversation',
    prepare: async () => '',
    act: ({ conversations }) => conversations.createDirect('an', 'binh'),
    happened: async ({ conversations }) => (await conversations.list('an')).length === 1,
  },
  {
    name: 'send the first message of a direct conversation',
    prepare: async ({ conversations }) => (await conversations.createDirect('an', 'binh')).conversation.id,
    act: (world, conv) => world.messages.send('an', conv, { cid: newCid(), text: 'Chào Bình' }),
    happened: async ({ conversations }) => (await conversations.list('binh')).length === 1,
  },
  {
    name: 'create a group',
    prepare: async () => '',
    act: group,
    happened: async ({ conversations }) => (await conversations.list('chi')).length === 1,
  },
  {
    name: 'create a public channel',
    prepare: async () => '',
    act: channel,
    happened: async ({ conversations }) => (await conversations.browseChannels('dung', 'thong')).length === 1,
  },
  {
    name: 'add two members',
    prepare: group,
    act: ({ conversations }, conv) => conversations.addMembers('an', conv, ['dung', 'giang']),
    happened: (world, conv) => isMember(world, conv, 'giang'),
  },
  {
    name: 'remove a member',
    prepare: group,
    act: ({ conversations }, conv) => conversations.removeMember('an', conv, 'binh'),
    happened: async (world, conv) => !(await isMember(world, conv, 'binh')),
  },
  {
    name: 'leave',
    prepare: group,
    act: ({ conversations }, conv) => conversations.removeMember('binh', conv, 'binh'),
    happened: async (world, conv) => !(await isMember(world, conv, 'binh')),
  },
  {
    name: 'give a role',
    prepare: group,
    act: ({ conversations }, conv) => conversations.setRole('an', conv, 'binh', 'owner'),
    happened: async ({ access }, conv) => (await access.member(conv, 'binh')) === 'owner',
  },
  {
    name: 'rename a channel',
    prepare: channel,
    act: ({ conversations }, conv) => conversations.patchDetails('an', conv, { title: 'Tin tức' }),
    happened: async ({ conversations }) =>
      (await conversations.browseChannels('dung', 'tin'))[0]?.title === 'Tin tức',
  },
  {
    name: 'join a channel',
    prepare: channel,
    act: ({ conversations }, conv) => conversations.joinChannel('binh', conv),
    happened: (world, conv) => isMember(world, conv, 'binh'),
  },
  {
    name: 'join a channel in a crowd',
    prepare: channel,
    act: ({ conversations }, conv) =>
      Promise.all(['binh', 'chi', 'dung'].map((user) => conversations.joinChannel(user, conv))),
    happened: (world, conv) => isMember(world, conv, 'dung'),
  },
  {
    name: 'leave a channel as the last one',
    prepare: channel,
    act: ({ conversations }, conv) => conversations.removeMember('an', conv, 'an'),
    happened: async ({ conversations }) => (await conversations.browseChannels('binh', '')).length === 0,
  },
]

describe('a crash between any two steps leaves an operation done or absent', () => {
  for (const scenario of scenarios) {
    for (const applied of [false, true]) {
      test(`${scenario.name}, dying ${applied ? 'after' : 'before'} each commit`, async () => {
        let done = 0
        for (let commit = 0; ; commit++) {
          const store = new Store()
          const conv = await scenario.prepare(createWorld(store))
          const kv = new CrashKv(store, { commit, applied })
          const acknowledged = await scenario.act(createWorld(store, { kv }), conv).then(
            () => true,
            () => false,
          )
          const swept = await createWorld(store).conversations.sweep({ all: true })
          expect(swept.failed).toBe(0)
          await expectWhole(store)
          const happened = await scenario.happened(createWorld(store), conv)
          done += happened ? 1 : 0
          if (acknowledged) {
            expect(happened).toBe(true)
          }
          if (!kv.dead) {
            break
          }
        }
        // Most steps come after the moment of truth: a test in which nothing ever survives proves nothing.
        expect(done).toBeGreaterThan(1)
      })
    }
  }

  test('the next change of the conversation finishes what was cut off, in order', async () => {
    for (let commit = 1; commit < 12; commit++) {
      const store = new Store()
      const conv = await group(createWorld(store))
      const kv = new CrashKv(store, { commit, applied: true })
      await createWorld(store, { kv })
        .conversations.addMembers('an', conv, ['dung'])
        .catch(() => {})
      const { conversations } = createWorld(store)
      await conversations.removeMember('an', conv, 'dung')
      await conversations.sweep({ all: true })
      await expectWhole(store)
      expect(await createWorld(store).access.member(conv, 'dung')).toBeUndefined()
    }
  })

  test('the sweeper leaves young intents alone, and takes them at start', async () => {
    const store = new Store()
    const conv = await group(createWorld(store))
    const kv = new CrashKv(store, { commit: 1, applied: true })
    await createWorld(store, { kv })
      .conversations.removeMember('an', conv, 'binh')
      .catch(() => {})
    const { conversations } = createWorld(store)
    expect(await conversations.sweep()).toEqual({ finished: 0, failed: 0 })
    store.clock.advance(10_000)
    expect(await conversations.sweep()).toEqual({ finished: 1, failed: 0 })
    await expectWhole(store)
  })

  test('the sweeper waits a minute for a first message of unknown outcome', async () => {
    const store = new Store()
    const { id } = (await createWorld(store).conversations.createDirect('an', 'binh')).conversation
    const kv = new CrashKv(store, { commit: 1, applied: false })
    await createWorld(store, { kv })
      .messages.send('an', id, { cid: newCid(), text: 'Chào' })
      .catch(() => {})
    const { conversations } = createWorld(store)
    store.clock.advance(10_000)
    expect(await conversations.sweep()).toEqual({ finished: 0, failed: 1 })
    store.clock.advance(50_000)
    expect(await conversations.sweep()).toEqual({ finished: 1, failed: 0 })
    expect(await conversations.list('binh')).toEqual([])
    await expectWhole(store)
  })

  test('a commit that lands after its intent was given up never applies', async () => {
    for (const scenario of [scenarios[2]!, scenarios[4]!]) {
      const store = new Store()
      const conv = await scenario.prepare(createWorld(store))
      let late = async () => {}
      const kv = new CrashKv(store)
      kv.commit = async (partition, change) => {
        if (!partition.startsWith('conv/')) {
          return store.commit(partition, change)
        }
        late = async () => void (await store.commit(partition, change))
        kv.dead = true
        throw new Error('lost')
      }
      await scenario.act(createWorld(store, { kv }), conv).catch(() => {})
      await createWorld(store).conversations.sweep({ all: true })
      await late()
      await expectWhole(store)
      expect(await scenario.happened(createWorld(store), conv)).toBe(false)
    }
  })
})

test('commits of unknown outcome neither double nor lose a change', async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const store = new Store()
    const kv = new UnknownKv(store, seededRandom(seed))
    const world = createWorld(store, { kv, random: seededRandom(seed) })
    const other = createWorld(store, { kv, random: seededRandom(seed + 1_000_000) })
    try {
      const conv = await group(world)
      const results = await Promise.allSettled([
        world.conversations.addMembers('an', conv, ['dung']),
        other.conversations.removeMember('an', conv, 'binh'),
        world.conversations.setRole('an', conv, 'chi', 'admin'),
        other.conversations.patchDetails('an', conv, { title: 'Tên mới' }),
        other.conversations.removeMember('chi', conv, 'chi'),
      ])
      await kv.settle()
      await createWorld(store).conversations.sweep({ all: true })
      await expectWhole(store)
      const { access } = createWorld(store)
      if (results[0]?.status === 'fulfilled') {
        expect(await access.member(conv, 'dung')).toBe('member')
      }
      if (results[1]?.status === 'fulfilled') {
        expect(await access.member(conv, 'binh')).toBeUndefined()
      }
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
})
