import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Fleet, type Person } from './fleet.ts'
import type { ServerUnderTest } from './server-under-test.ts'

const suite = process.env.TAM_TEST_REDIS === '1' ? describe : describe.skip
const SLOW_MS = 60_000

suite('a fleet of one role per process', () => {
  let fleet: Fleet
  let api: readonly [ServerUnderTest, ServerUnderTest]
  let chat: readonly [ServerUnderTest, ServerUnderTest]
  let an: Person
  let binh: Person
  let conv: string

  beforeAll(async () => {
    fleet = await Fleet.start()
    const [a, b, c, d] = await Promise.all(['api', 'api', 'chat', 'chat'].map((role) => fleet.serve(role)))
    api = [a, b] as [ServerUnderTest, ServerUnderTest]
    chat = [c, d] as [ServerUnderTest, ServerUnderTest]
    an = await fleet.register(api[0], 'thi.an', 'Nguyễn Thị Ân')
    binh = await fleet.register(api[1], 'tran.binh', 'Trần Bình')
    const body = { kind: 'group', title: 'Hội quán', memberIds: [binh.id] }
    const { conversation } = await fleet.call(api[0], 'POST', '/api/conversations', body, an.token)
    conv = (conversation as { id: string }).id
  }, SLOW_MS)
  afterAll(() => fleet[Symbol.asyncDispose]())

  const cid = () => crypto.randomUUID()

  test('what is said on one chat server is heard on the other, and read on both API servers', async () => {
    const [one, two] = await Promise.all([fleet.connect(chat[0], an), fleet.connect(chat[1], binh)])
    const sent = await one.ask({ t: 'send', conv, cid: cid(), text: 'Chào Bình, khoẻ không?' })
    expect(await two.entry(conv, Number(sent['seq']))).toMatchObject({ text: 'Chào Bình, khoẻ không?' })
    for (const server of api) {
      const path = `/api/conversations/${conv}/messages`
      const { messages } = await fleet.call(server, 'GET', path, undefined, binh.token)
      expect((messages as unknown[]).at(-1)).toMatchObject({ seq: sent['seq'] })
    }
  })
})
