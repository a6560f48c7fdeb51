import { expect, test } from 'bun:test'
import {
  ChannelsReply,
  ConversationReply,
  ConversationsReply,
  InvitePreview,
  InviteReply,
  InvitesReply,
  MembersReply,
} from '@tam/protocol'
import { createTestApi, expectProblem, type TestApi } from './conversations/tests/test-api.ts'

async function createGroup({ call }: TestApi, memberIds = ['binh']): Promise<string> {
  const { json } = await call('an', 'POST', '/api/conversations', {
    kind: 'group',
    title: 'Nhóm dự án',
    memberIds,
  })
  return json.conversation.id
}

test('a direct conversation is created once: 201, then 200', async () => {
  const { call } = createTestApi()
  const body = { kind: 'direct', userId: 'binh' }
  const first = await call('an', 'POST', '/api/conversations', body)
  const again = await call('an', 'POST', '/api/conversations', body)
  expect([first.status, again.status]).toEqual([201, 200])
  expect(ConversationReply.parse(first.json)).toEqual(again.json)
  expectProblem(
    await call('an', 'POST', '/api/conversations', { kind: 'direct', userId: 'nobody' }),
    'not_found',
  )
  const self = await call('an', 'POST', '/api/conversations', { kind: 'direct', userId: 'an' })
  expectProblem(self, 'invalid_request')
  expect(self.json.errors).toMatchObject([{ field: 'userId' }])
})

test('a group is created, listed, read, renamed', async () => {
  const api = createTestApi()
  const id = await createGroup(api)
  const { json } = await api.call('binh', 'GET', '/api/conversations')
  expect(ConversationsReply.parse(json).conversations.map((one) => one.id)).toEqual([id])
  const renamed = await api.call('an', 'PATCH', `/api/conversations/${id}`, { title: '  Tổ trưởng ' })
  expect(renamed.json.conversation.title).toBe('Tổ trưởng')
  const got = await api.call('binh', 'GET', `/api/conversations/${id}`)
  expect(ConversationReply.parse(got.json).conversation).toMatchObject({ title: 'Tổ trưởng', role: 'member' })
  expectProblem(
    await api.call('binh', 'PATCH', `/api/conversations/${id}`, { title: 'Của tôi' }),
    'forbidden',
  )
})

test('members are added, listed, promoted and removed', async () => {
  const api = createTestApi()
  const members = `/api/conversations/${await createGroup(api)}/members`
  const added = await api.call('an', 'POST', members, { userIds: ['chi'] })
  expect(added.status).toBe(200)
  expect(MembersReply.parse(added.json).members.map(({ user }) => user.id)).toEqual(['an', 'binh', 'chi'])
  expectProblem(await api.call('an', 'POST', members, { userIds: ['chi'] }), 'already_member')
  expect((await api.call('an', 'PATCH', `${members}/chi`, { role: 'admin' })).status).toBe(204)
  expect((await api.call('chi', 'DELETE', `${members}/binh`)).status).toBe(204)
  expectProblem(await api.call('an', 'DELETE', `${members}/an`), 'last_owner')
  expectProblem(await api.call('binh', 'GET', members), 'not_found')
  expect((await api.call('chi', 'DELETE', `${members}/chi`)).status).toBe(204)
  expect((await api.call('an', 'GET', members)).json.members).toHaveLength(1)
})

test('an invitation is created, shown and accepted', async () => {
  const api = createTestApi()
  const id = await createGroup(api)
  const created = await api.call('an', 'POST', `/api/conversations/${id}/invites`, { maxUses: 1 })
  expect(created.status).toBe(201)
  const { token, url } = InviteReply.parse(created.json).invite
  expect(url).toBe(`http://localhost:8080/i/${token}`)
  const preview = await api.call('chi', 'GET', `/api/invites/${token}`)
  expect(InvitePreview.parse(preview.json).conversation.memberCount).toBe(2)
  const accepted = await api.call('chi', 'POST', `/api/invites/${token}/accept`)
  expect(ConversationReply.parse(accepted.json).conversation.id).toBe(id)
  const spent = await api.call('dung', 'POST', `/api/invites/${token}/accept`)
  expect(spent.status).toBe(410)
  expectProblem(spent, 'invite_unusable')
  expectProblem(await api.call('dung', 'GET', '/api/invites/khong-co'), 'not_found')
})

test('[MB10] invitations are listed and taken back', async () => {
  const api = createTestApi()
  const id = await createGroup(api)
  const invites = `/api/conversations/${id}/invites`
  const { token, ...made } = InviteReply.parse((await api.call('an', 'POST', invites, {})).json).invite
  const listed = await api.call('an', 'GET', invites)
  expect(listed.status).toBe(200)
  expect(InvitesReply.parse(listed.json).invites.map((invite) => [invite.id, invite.by])).toEqual([
    [made.id, 'an'],
  ])
  expect(JSON.stringify(listed.json)).not.toContain(token)
  expectProblem(await api.call('binh', 'GET', invites), 'forbidden')
  expectProblem(await api.call('binh', 'DELETE', `${invites}/${made.id}`), 'forbidden')
  expect((await api.call('an', 'DELETE', `${invites}/${made.id}`)).status).toBe(204)
  const joining = await api.call('dung', 'POST', `/api/invites/${token}/accept`)
  expect(joining.status).toBe(410)
  expectProblem(joining, 'invite_unusable')
  expect((await api.call('an', 'GET', invites)).json.invites).toEqual([])
})

test('a public channel is browsed and joined', async () => {
  const api = createTestApi()
  const body = { kind: 'channel', title: 'Thông báo chung', public: true }
  const { id } = (await api.call('an', 'POST', '/api/conversations', body)).json.conversation
  const found = await api.call('binh', 'GET', `/api/channels?query=${encodeURIComponent('thong bao')}`)
  expect(ChannelsReply.parse(found.json).channels).toMatchObject([{ id, joined: false, memberCount: 1 }])
  expect((await api.call('binh', 'GET', '/api/channels')).json.channels).toHaveLength(1)
  const joined = await api.call('binh', 'POST', `/api/conversations/${id}/join`)
  expect(ConversationReply.parse(joined.json).conversation.role).toBe('member')
})

test('bad bodies are refused by field', async () => {
  const { call } = createTestApi()
  const refusals: [unknown, string][] = [
    [{ kind: 'group', title: '' }, 'title'],
    [{ kind: 'group', title: 'Nhóm', memberIds: ['bad id'] }, 'memberIds.0'],
    [{ kind: 'group', title: 'Nhóm', owner: 'binh' }, 'owner'],
    [{ kind: 'room', title: 'Nhóm' }, 'kind'],
    [{ kind: 'direct', userId: { $ne: '' } }, 'userId'],
  ]
  for (const [body, field] of refusals) {
    const answer = await call('an', 'POST', '/api/conversations', body)
    expectProblem(answer, 'invalid_request')
    expect(answer.json.errors.map((error: { field: string }) => error.field)).toContain(field)
  }
})

test('[MB6] every route answers strangers and those removed like an id never used; nobody is let in without a token', async () => {
  const api = createTestApi()
  const id = await createGroup(api, ['binh', 'chi'])
  await api.call('an', 'DELETE', `/api/conversations/${id}/members/chi`)
  const bodies: Record<string, unknown> = {
    'PATCH /api/conversations/{id}': { title: 'Mới' },
    'POST /api/conversations/{id}/members': { userIds: ['dung'] },
    'PATCH /api/conversations/{id}/members/{userId}': { role: 'owner' },
    'POST /api/conversations/{id}/invites': {},
    'POST /api/conversations/{id}/messages': { cid: 'cid-00000001', text: 'Chào' },
    'POST /api/conversations/{id}/read': { seq: 1 },
  }
  const ofOne = api.routes
    .map(({ method, path }) => ({ method, path: path.replaceAll(/:(\w+)/g, '{$1}') }))
    .filter(({ path }) => path.includes('{id}'))
  expect(ofOne.length).toBeGreaterThanOrEqual(11)
  for (const { method, path } of ofOne) {
    const call = async (user: string | undefined, conv: string) => {
      const url = path.replace('{id}', conv).replace('{userId}', 'binh').replace('{inviteId}', 'AAAAAAAAAAAA')
      const { status, json } = await api.call(user, method, url, bodies[`${method} ${path}`])
      return [status, json]
    }
    const unknown = await call('hoa', 'AAAAAAAAAAAA')
    expect(unknown[0]).toBe(404)
    expect(await call('hoa', id)).toEqual(unknown)
    expect(await call('chi', id)).toEqual(unknown)
    expect((await call(undefined, id))[0]).toBe(401)
  }
})
