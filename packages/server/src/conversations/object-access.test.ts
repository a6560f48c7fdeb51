import { describe, expect, test } from 'bun:test'
import { outcomes } from './tests/expect-code.ts'
import { Store, createWorld, newCid, type World } from './tests/world.ts'

/** an owns the group, binh is its admin, chi a member, dung was one, hoa never; giang is there to be acted upon. */
const actors = { stranger: 'hoa', exMember: 'dung', member: 'chi', admin: 'binh', owner: 'an' } as const
type Actor = keyof typeof actors

async function prepare(world: World): Promise<string> {
  const { conversations } = world
  const memberIds = ['binh', 'chi', 'dung', 'giang']
  const { id } = (await conversations.createGroup('an', { title: 'Khu phố', memberIds })).conversation
  await conversations.setRole('an', id, 'binh', 'admin')
  await world.say('an', id, 'Họp lúc 7 giờ')
  await conversations.removeMember('an', id, 'dung')
  return id
}

const NOT_FOUND = { stranger: 'not_found', exMember: 'not_found' }
const EVERY_MEMBER = { ...NOT_FOUND, member: 'ok', admin: 'ok', owner: 'ok' }
const MANAGERS = { ...NOT_FOUND, member: 'forbidden', admin: 'ok', owner: 'ok' }
const OWNERS = { ...NOT_FOUND, member: 'forbidden', admin: 'forbidden', owner: 'ok' }

const actions: Record<
  string,
  [Record<Actor, string>, (world: World, user: string, conv: string) => Promise<unknown>]
> = {
  get: [EVERY_MEMBER, ({ conversations }, user, conv) => conversations.get(user, conv)],
  members: [EVERY_MEMBER, ({ conversations }, user, conv) => conversations.members(user, conv)],
  send: [EVERY_MEMBER, (world, user, conv) => world.say(user, conv, 'Có mặt')],
  resend: [
    EVERY_MEMBER,
    ({ messages }, user, conv) => messages.send(user, conv, { cid: newCid(), text: 'Có mặt', resend: true }),
  ],
  history: [EVERY_MEMBER, ({ messages }, user, conv) => messages.history(user, conv, { after: 0 })],
  page: [EVERY_MEMBER, ({ messages }, user, conv) => messages.page(user, conv, {})],
  read: [EVERY_MEMBER, ({ reads }, user, conv) => reads.mark(user, conv, 3)],
  rename: [
    MANAGERS,
    ({ conversations }, user, conv) => conversations.patchDetails(user, conv, { title: 'Mới' }),
  ],
  add: [MANAGERS, ({ conversations }, user, conv) => conversations.addMembers(user, conv, ['khanh'])],
  invite: [MANAGERS, ({ conversations }, user, conv) => conversations.createInvite(user, conv, {})],
  'list the invitations': [MANAGERS, ({ conversations }, user, conv) => conversations.invites(user, conv)],
  'take an invitation back': [
    { ...MANAGERS, admin: 'not_found', owner: 'not_found' },
    ({ conversations }, user, conv) => conversations.revokeInvite(user, conv, 'no-invite-12'),
  ],
  'remove a member': [
    MANAGERS,
    ({ conversations }, user, conv) => conversations.removeMember(user, conv, 'giang'),
  ],
  'remove an admin': [
    // The admin here is the target: they leave.
    { ...OWNERS, admin: 'ok' },
    ({ conversations }, user, conv) => conversations.removeMember(user, conv, 'binh'),
  ],
  'remove the owner': [
    { ...NOT_FOUND, member: 'forbidden', admin: 'forbidden', owner: 'last_owner' },
    ({ conversations }, user, conv) => conversations.removeMember(user, conv, 'an'),
  ],
  'remove a stranger': [
    { ...NOT_FOUND, member: 'forbidden', admin: 'not_found', owner: 'not_found' },
    ({ conversations }, user, conv) => conversations.removeMember(user, conv, 'khanh'),
  ],
  'give a role': [
    OWNERS,
    ({ conversations }, user, conv) => conversations.setRole(user, conv, 'giang', 'admin'),
  ],
  'make oneself owner': [
    OWNERS,
    ({ conversations }, user, conv) => conversations.setRole(user, conv, user, 'owner'),
  ],
  leave: [
    { ...NOT_FOUND, member: 'ok', admin: 'ok', owner: 'last_owner' },
    ({ conversations }, user, conv) => conversations.removeMember(user, conv, user),
  ],
  join: [
    { stranger: 'not_found', exMember: 'not_found', member: 'ok', admin: 'ok', owner: 'ok' },
    ({ conversations }, user, conv) => conversations.joinChannel(user, conv),
  ],
}

describe('[MB4] a direct conversation that was opened and not written in does not exist for the other side', () => {
  for (const [name, [, act]] of Object.entries(actions)) {
    test(name, async () => {
      const world = createWorld(new Store())
      const { id } = (await world.conversations.createDirect('an', 'binh')).conversation
      // What the one who opened it reads, however, is in memory.
      expect(await world.conversations.members('an', id)).toHaveLength(2)
      expect(await world.messages.history('an', id, { after: 0 })).toMatchObject({ head: 0 })
      expect((await outcomes([act(world, 'binh', id)])).codes).toEqual(['not_found'])
      expect((await outcomes([act(world, 'chi', id)])).codes).toEqual(['not_found'])
      await world.say('an', id, 'Chào Bình')
      expect(await world.access.member(id, 'binh')).toBe('member')
    })
  }

  test('who opens it as well may write at once', async () => {
    const store = new Store()
    const [here, there] = [createWorld(store), createWorld(store)]
    const { id } = (await here.conversations.createDirect('an', 'binh')).conversation
    await outcomes([here.say('binh', id, 'Chào An')])
    await there.conversations.createDirect('binh', 'an')
    expect(await here.say('binh', id, 'Chào An')).toBe(1)
    expect(await there.reads.mark('an', id, 1)).toMatchObject({ read: 1 })
  })
})

describe('[MB6] who may do what in a group', () => {
  for (const [name, [expected, act]] of Object.entries(actions)) {
    test(name, async () => {
      const found: Record<string, string> = {}
      for (const [actor, user] of Object.entries(actors)) {
        const world = createWorld(new Store())
        const conv = await prepare(world)
        const { ok, codes } = await outcomes([act(world, user, conv)])
        found[actor] = ok === 1 ? 'ok' : (codes[0] ?? '')
      }
      expect(found).toEqual(expected)
    })

    test(`${name}: a conversation that never was answers like one that is not one's own`, async () => {
      const world = createWorld(new Store())
      const { codes } = await outcomes([act(world, 'hoa', 'AAAAAAAAAAAA')])
      expect(codes).toEqual(['not_found'])
    })
  }
})
