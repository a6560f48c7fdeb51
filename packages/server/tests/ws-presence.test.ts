import { expect, test } from 'bun:test'
import type { Presence } from '@tam/protocol'
import { createHarness } from './harness.ts'
import { SkewedClock } from './skewed-clock.ts'
import type { TestClient } from './test-client.ts'

/** Resolves with the status of `id` once it is as wanted, in a frame received already or yet to come. */
async function sees(client: TestClient, id: string, wanted: Partial<Presence>): Promise<Presence> {
  const matches = (user: Presence) =>
    user.id === id && Object.entries(wanted).every(([key, value]) => Bun.deepEquals(user[key as 'id'], value))
  const frame = await client.next((one) => one.t === 'presence' && one.users.some(matches))
  return 'users' in frame && frame.t === 'presence' ? frame.users.find(matches)! : (undefined as never)
}

const heard = (client: TestClient, t: string) => client.frames.filter((frame) => frame.t === t).length

test('[PR5] signing out shows at once, a lost connection after 10 s, a quick return never', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  await server.group('an', 'binh', 'chi')
  const watcher = await server.live('an')
  const [binh, chi] = [await server.connect('binh', { sid: 'sid-binh' }), await server.live('chi')]
  watcher.send({ t: 'watch', users: ['binh', 'chi'] })
  await sees(watcher, 'binh', { status: 'online' })
  server.logins.revoke('binh', 'sid-binh')
  await binh.closed
  await sees(watcher, 'binh', { status: 'offline' })
  chi.terminate()
  await clock.advance(8_000)
  const again = await server.live('chi')
  await clock.advance(15_000)
  expect(
    watcher.frames.some(
      (frame) =>
        frame.t === 'presence' && frame.users.some(({ id, status }) => id === 'chi' && status !== 'online'),
    ),
  ).toBe(false)
  again.terminate()
  await clock.advance(13_000)
  await sees(watcher, 'chi', { status: 'offline' })
})

test('[PR5] who only sends pings is away after ten minutes, and back with the first act', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const conv = await server.group('an', 'binh')
  const [watcher, binh] = [await server.live('an'), await server.live('binh')]
  watcher.send({ t: 'watch', users: ['binh'] })
  await sees(watcher, 'binh', { status: 'online' })
  for (let minutes = 0; minutes < 10.5; minutes += 0.5) {
    binh.send({ t: 'ping' })
    watcher.send({ t: 'watch', users: ['binh'] })
    await Promise.all([binh.settle(), watcher.settle()])
    await clock.advance(30_000)
  }
  await sees(watcher, 'binh', { status: 'away' })
  watcher.frames.length = 0
  binh.send({ t: 'typing', conv })
  await sees(watcher, 'binh', { status: 'online' })
})

test('[PR7] the conversation in focus is told to its members, as far as one is in it oneself', async () => {
  await using server = await createHarness()
  const both = await server.group('an', 'binh', 'chi')
  const own = await server.group('binh', 'chi')
  const foreign = await server.group('an', 'chi')
  const [an, binh, chi] = [await server.live('an'), await server.live('binh'), await server.live('chi')]
  for (const watcher of [an, chi]) {
    watcher.send({ t: 'watch', users: ['binh'] })
    await sees(watcher, 'binh', { status: 'online' })
  }
  binh.send({ t: 'focus', conv: both, active: true })
  await Promise.all([sees(an, 'binh', { convs: [both] }), sees(chi, 'binh', { convs: [both] })])
  binh.send({ t: 'focus', conv: own, active: true })
  await sees(chi, 'binh', { convs: [own] })
  an.frames.length = 0
  chi.frames.length = 0
  binh.send({ t: 'focus', conv: foreign, active: true })
  await sees(chi, 'binh', { convs: undefined as never, status: 'online' })
  await an.settle()
  expect(JSON.stringify([an.frames, chi.frames.at(-1)])).not.toMatch(new RegExp(`${own}|${foreign}`))
})

test('[PR4] W37 who hides is seen by nobody: not online, not typing', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  server.choose('binh', { visibility: 'nobody' })
  const [an, binh] = [await server.live('an'), await server.live('binh')]
  an.send({ t: 'watch', users: ['binh'], convs: [conv] })
  const hidden = await sees(an, 'binh', { status: 'offline' })
  expect(hidden).not.toHaveProperty('since')
  await an.next((frame) => frame.t === 'presence' && frame.counts?.[0]?.online === 1)
  binh.send({ t: 'typing', conv })
  await binh.settle()
  await an.settle()
  expect(heard(an, 'typing')).toBe(0)
  server.choose('binh', { visibility: 'contacts' })
  await sees(an, 'binh', { status: 'online' })
  binh.send({ t: 'typing', conv })
  await an.frame('typing')
})

test('[PR4 MB2] who is removed is told no more of those they knew there, nor how many are online', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const conv = await server.group('an', 'binh', 'chi')
  await server.group('binh', 'dung')
  const [an, binh] = [await server.live('an'), await server.live('binh')]
  const [chi, dung] = [await server.live('chi'), await server.live('dung')]
  binh.send({ t: 'focus', conv, active: true })
  chi.send({ t: 'watch', users: ['binh'] })
  dung.send({ t: 'watch', users: ['binh'] })
  binh.send({ t: 'watch', users: ['chi', 'dung'], convs: [conv] })
  await sees(binh, 'chi', { status: 'online' })
  await sees(chi, 'binh', { convs: [conv] })
  await binh.next((frame) => frame.t === 'presence' && frame.counts?.[0]?.online === 3)
  await server.conversations.removeMember('an', conv, 'binh')
  await binh.entry('binh', 3)
  // They are not left on the screen as they were.
  await sees(binh, 'chi', { status: 'unknown' })
  binh.frames.length = 0
  chi.send({ t: 'focus', conv: null, active: false })
  an.send({ t: 'focus', conv: null, active: false })
  dung.send({ t: 'focus', conv: null, active: false })
  await clock.advance(5_000)
  await sees(binh, 'dung', { status: 'away' })
  await clock.advance(40_000)
  await binh.settle()
  expect(JSON.stringify(binh.frames)).not.toMatch(new RegExp(`chi|${conv}`))
})

test('[PR9] a new name reaches those who have the person on screen, though they share no conversation', async () => {
  await using server = await createHarness()
  const [an, binh] = [await server.live('an'), await server.live('binh')]
  an.send({ t: 'watch', users: ['nguoi-la'] })
  await Promise.all([an.settle(), binh.settle()])
  const user = { id: 'nguoi-la', username: 'nguoi-la', name: 'Tên Mới', avatar: null, bio: '', status: '' }
  server.bus.publish('people', JSON.stringify({ t: 'profile', users: [user] }))
  expect(await an.frame('profile')).toEqual({ t: 'profile', users: [user] } as never)
  await binh.settle()
  expect([heard(an, 'presence'), heard(binh, 'profile')]).toEqual([0, 0])
})

test('[PR10] the online members of a conversation are counted for its members', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh', 'chi', 'dung')
  const foreign = await server.group('binh')
  const [an, , chi] = [await server.live('an'), await server.live('binh'), await server.live('chi')]
  chi.send({ t: 'focus', conv: null, active: false })
  await chi.settle()
  an.send({ t: 'watch', users: [], convs: [conv, foreign] })
  const frame = await an.frame('presence')
  expect(frame).toMatchObject({ users: [], counts: [{ id: conv, online: 2 }] })
  expect(frame.counts).toHaveLength(1)
})

test('[PR3] without a presence server statuses are unknown, and everything else goes on', async () => {
  await using server = await createHarness({ presence: false })
  const conv = await server.group('an', 'binh')
  const [an, binh] = [await server.live('an'), await server.live('binh')]
  an.send({ t: 'watch', users: ['binh'] })
  await sees(an, 'binh', { status: 'unknown' })
  const { seq } = await binh.ask({ t: 'send', conv, cid: 'cid-00000001', text: 'vẫn chạy' })
  expect(await an.entry(conv, Number(seq))).toMatchObject({ text: 'vẫn chạy' })
})
