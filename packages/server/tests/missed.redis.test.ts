import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { WAITING_MS_MAX } from '../src/ports/bus/bus.redis.publisher.ts'
import { Fleet, type Person } from './fleet.ts'
import type { ServerUnderTest } from './server-under-test.ts'
import type { TestClient } from './test-client.ts'

const suite = process.env.TAM_TEST_REDIS === '1' ? describe : describe.skip
const SLOW_MS = 60_000

suite('[RS10] what the bus alone carries, lost with the bus', () => {
  let fleet: Fleet
  let api: ServerUnderTest
  let other: ServerUnderTest
  let chat: readonly ServerUnderTest[]
  let an: Person
  let binh: Person
  let conv: string

  beforeAll(async () => {
    fleet = await Fleet.start()
    const roles = ['api', 'api', 'chat', 'chat']
    const [a, b, ...chats] = await Promise.all(roles.map((role) => fleet.serve(role)))
    ;[api, other, chat] = [a!, b!, chats]
    an = await fleet.register(api, 'thi.an', 'Nguyễn Thị Ân')
    binh = await fleet.register(api, 'tran.binh', 'Trần Bình')
    const body = { kind: 'group', title: 'Hội quán', memberIds: [binh.id] }
    const { conversation } = await fleet.call(api, 'POST', '/api/conversations', body, an.token)
    conv = (conversation as { id: string }).id
  }, SLOW_MS)
  afterAll(() => fleet[Symbol.asyncDispose]())

  /** As a client does that is told `missed`. */
  const readPosition = async (client: TestClient): Promise<unknown> => {
    await client.frame('missed')
    const { conversations } = (await client.sync()) as unknown as { conversations: { read: number }[] }
    return conversations[0]?.read
  }

  test(
    'devices that stayed connected have the read position, and other people the new name',
    async () => {
      const [phone, laptop, friend] = await Promise.all([
        fleet.connect(chat[0]!, an),
        fleet.connect(chat[1]!, an),
        fleet.connect(chat[1]!, binh),
      ])
      const sent = await friend.ask({ t: 'send', conv, cid: crypto.randomUUID(), text: 'Đọc đi' })
      const seq = Number(sent['seq'])
      await Promise.all([phone.entry(conv, seq), laptop.entry(conv, seq)])
      await fleet.redis.kill()
      phone.send({ t: 'read', conv, seq })
      await fleet.call(api, 'PATCH', '/api/me', { name: 'Ân' }, an.token)
      // Longer than publications wait for a connection.
      await Bun.sleep(WAITING_MS_MAX + 500)
      await fleet.redis.start()
      expect(await Promise.all([readPosition(laptop), readPosition(phone)])).toEqual([seq, seq])
      await friend.frame('missed')
      const { users } = await fleet.call(other, 'GET', `/api/users?ids=${an.id}`, undefined, binh.token)
      expect(users).toMatchObject([{ name: 'Ân' }])
      // By no other way: nothing of it came over the bus.
      expect([...laptop.frames, ...friend.frames].filter(({ t }) => t === 'read' || t === 'profile')).toEqual(
        [],
      )
      expect([laptop, phone, friend].flatMap(({ violations }) => violations)).toEqual([])
    },
    SLOW_MS,
  )
})
