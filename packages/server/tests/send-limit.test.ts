import { expect, test } from 'bun:test'
import { ConversationReply, Session } from '@tam/protocol'
import { newCid } from './harness.ts'
import { newFolder, start } from './spawned-server.ts'
import { TestClient } from './test-client.ts'

test('[LM] messages over HTTP and over the socket share one limit', async () => {
  const { url } = await start({ TAM_DATA_DIR: newFolder() })
  const post = (path: string, body: object, token = '') =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
  const account = { username: 'truc', password: 'mật khẩu của Trúc' }
  const { accessToken: token } = Session.parse(await (await post('/api/register', account)).json())
  const group = { kind: 'group', title: 'Nhóm bạn', memberIds: [] }
  const created = ConversationReply.parse(await (await post('/api/conversations', group, token)).json())
  const conv = created.conversation.id
  const overHttp = (i: number) =>
    post(`/api/conversations/${conv}/messages`, { cid: newCid(), text: `tin ${i}` }, token)
  const posted = await Promise.all(Array.from({ length: 40 }, (_, i) => overHttp(i)))
  expect(posted.filter(({ status }) => status === 201)).toHaveLength(40)

  await using client = await new TestClient(`${url.replace('http:', 'ws:')}/ws`).opened()
  await client.auth(token)
  const answers = []
  for (let i = 0; i < 40; i++) {
    answers.push(await client.ask({ t: 'send', conv, cid: newCid(), text: `tin ${i}` }))
  }
  const stored = answers.filter(({ t }) => t === 'ok').length
  // Twenty are left of sixty; three a second come back meanwhile.
  expect(stored).toBeGreaterThanOrEqual(20)
  expect(stored).toBeLessThan(35)
  expect(answers.at(-1)).toMatchObject({ code: 'rate_limited', retry: true })
  expect((await overHttp(99)).status).toBe(429)
})
