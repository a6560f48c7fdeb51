import { expect, test } from 'bun:test'
import { MessagesReply, ReadReply, SendReply } from '@tam/protocol'
import { createTestApi, expectProblem } from './conversations/tests/test-api.ts'

async function prepare() {
  const api = createTestApi()
  const body = { kind: 'group', title: 'Nhóm', memberIds: ['binh'] }
  const { id } = (await api.call('an', 'POST', '/api/conversations', body)).json.conversation
  const messages = `/api/conversations/${id}/messages`
  const send = (cid: string, fields: object) => api.call('an', 'POST', messages, { cid, ...fields })
  return { ...api, id, messages, send }
}

test('[SN2] [SN3] a message is stored: 201; again: 200 and the same; with another body: 409', async () => {
  const { send } = await prepare()
  const first = await send('cid-00000001', { text: 'Chào' })
  expect(first.status).toBe(201)
  expect(SendReply.parse(first.json)).toMatchObject({ cid: 'cid-00000001', seq: 3 })
  const again = await send('cid-00000001', { text: 'Chào', resend: true })
  expect([again.status, again.json]).toEqual([200, first.json])
  const other = await send('cid-00000001', { text: 'Khác' })
  expect(other.status).toBe(409)
  expectProblem(other, 'cid_conflict')
})

test('[SN9] text is stored as NFC, and what is no text is refused by field', async () => {
  const { call, messages, send } = await prepare()
  await send('cid-00000001', { text: 'Tiếng Việt'.normalize('NFD') })
  expect((await call('binh', 'GET', messages)).json.messages[0].text).toBe('Tiếng Việt'.normalize('NFC'))
  const again = await send('cid-00000001', { text: 'Tiếng Việt'.normalize('NFC') })
  expect(again.status).toBe(200)
  for (const text of ['', '  \n ', 'a\u0000b', 'a\ud800b', 'x'.repeat(16_385), 7]) {
    const refused = await send('cid-00000002', { text })
    expectProblem(refused, 'invalid_request')
    expect(refused.json.errors[0].field).toBe('text')
  }
})

test('pages come by before, after and around, ascending', async () => {
  const { call, messages, send } = await prepare()
  for (let count = 0; count < 10; count++) {
    await send(`cid-0000000${count}`, { text: `Tin ${count}` })
  }
  const page = async (query: string) => {
    const {
      messages: found,
      hasBefore,
      hasAfter,
      head,
    } = MessagesReply.parse((await call('binh', 'GET', `${messages}${query}`)).json)
    return [found.map(({ seq }) => seq), hasBefore, hasAfter, head]
  }
  expect(await page('?limit=3')).toEqual([[10, 11, 12], true, false, 12])
  expect(await page('?before=6&limit=2')).toEqual([[4, 5], true, true, 12])
  expect(await page('?after=10&limit=5')).toEqual([[11, 12], true, false, 12])
  expect(await page('?around=8&limit=4')).toEqual([[6, 7, 8, 9], true, true, 12])
})

test('a page is asked for by whole numbers, and by one position', async () => {
  const { call, messages } = await prepare()
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=1e1',
    'before=-1',
    'before=0x10',
    'after= 1',
    'around=1.5',
    'x=1',
  ]) {
    const answer = await call('binh', 'GET', `${messages}?${query}`)
    expectProblem(answer, 'invalid_request')
    expect(answer.json.errors[0].field).toBe(query.split('=')[0])
  }
  expectProblem(await call('binh', 'GET', `${messages}?before=1&after=1`), 'invalid_request')
})

test('[RC1] reading moves the position and says what is left', async () => {
  const { call, id, send } = await prepare()
  await send('cid-00000001', { text: 'Một' })
  await send('cid-00000002', { text: 'Hai' })
  const read = (seq: number) => call('binh', 'POST', `/api/conversations/${id}/read`, { seq })
  expect(ReadReply.parse((await read(3)).json)).toEqual({ read: 3, unread: 1 })
  expect((await read(2)).json).toEqual({ read: 3, unread: 1 })
  expect((await read(99)).json).toEqual({ read: 4, unread: 0 })
  expectProblem(await read(-1), 'invalid_request')
})
