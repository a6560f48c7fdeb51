import { expect, test } from 'bun:test'
import { AVATAR_MAX_BYTES, Me, User, UsersReply } from '@tam/protocol'
import { startServer } from './tests/server.ts'

const PNG = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
)

async function setUp() {
  const server = await startServer()
  const [anh, binh] = [server.browser(), server.browser()]
  const me = (await anh.register({ username: 'anh', name: 'Nguyễn Thị Ánh' })).body.user
  await binh.register({ username: 'binh', name: 'Trần Bình' })
  return { server, anh, binh, me }
}

test('one changes what is given and nothing else', async () => {
  const { anh, me } = await setUp()
  const { status, body } = await anh.call('/api/me', {
    method: 'PATCH',
    json: { name: ' Ánh ', bio: 'Xin chào' },
  })
  expect([status, body.user]).toEqual([200, { ...me, name: 'Ánh', bio: 'Xin chào' }])
  expect(Me.strict().parse(body.user)).toEqual(body.user)
  expect((await anh.call('/api/me', { method: 'PATCH', json: {} })).body.user).toEqual(body.user)
  expect((await anh.call('/api/me')).body.user).toEqual(body.user)
})

test('others are found and read without what is private', async () => {
  const { binh, me } = await setUp()
  const search = await binh.call('/api/users?query=nguyen%20anh')
  expect(UsersReply.parse(search.body).users.map(({ id }) => id)).toEqual([me.id])
  const single = await binh.call(`/api/users/${me.id}`)
  expect(User.strict().parse(single.body.user)).toEqual(single.body.user)
  expect(search.body.users[0]).toEqual(single.body.user)
  const list = await binh.call(`/api/users?ids=${me.id},Nobody000000`)
  expect(list.body.users).toEqual([single.body.user])
  expect((await binh.call('/api/users/Nobody000000')).body.code).toBe('not_found')
})

test('an avatar is uploaded, shown to others, replaced and removed', async () => {
  const { server, anh, binh, me } = await setUp()
  const upload = await anh.call('/api/me/avatar', {
    method: 'PUT',
    body: PNG,
    headers: { 'content-type': 'image/png' },
  })
  expect(upload.status).toBe(200)
  const path: string = upload.body.user.avatar
  expect(path).toMatch(/^\/media\/[A-Za-z0-9_-]{22}$/)
  expect((await binh.call(`/api/users/${me.id}`)).body.user.avatar).toBe(path)

  const picture = await server.api.request(path)
  expect(picture.status).toBe(200)
  expect(await new Bun.Image(await picture.bytes()).metadata()).toEqual({
    width: 256,
    height: 256,
    format: 'webp',
  })
  expect(Object.fromEntries(picture.headers)).toMatchObject({
    'content-type': 'image/webp',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  })

  const pair = await anh.call(`/api/users?ids=${me.id},${me.id}`)
  expect(pair.body.users).toHaveLength(1)
  const second = await anh.call('/api/me/avatar', { method: 'PUT', body: PNG })
  expect(second.body.user.avatar).not.toBe(path)
  expect((await server.api.request(path)).status).toBe(404)
  const removed = await anh.call('/api/me', { method: 'PATCH', json: { avatar: null } })
  expect(removed.body.user.avatar).toBeNull()
  expect((await server.api.request(second.body.user.avatar)).status).toBe(404)
})

test('[U01] [U02] an upload that is no image is refused, whatever it says it is', async () => {
  const { anh } = await setUp()
  for (const body of [
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    '<script>alert(1)</script>',
    'x',
    '',
  ]) {
    const reply = await anh.call('/api/me/avatar', {
      method: 'PUT',
      body,
      headers: { 'content-type': 'image/png' },
    })
    expect([body, reply.status, reply.body.code]).toEqual([body, 415, 'unsupported_media_type'])
  }
  const broken = await anh.call('/api/me/avatar', { method: 'PUT', body: PNG.slice(0, 45) })
  expect([broken.status, broken.body.code]).toEqual([422, 'unprocessable_image'])
  expect((await anh.call('/api/me')).body.user.avatar).toBeNull()
})

test('[U08] an upload whose size lies is cut at the limit', async () => {
  const { anh } = await setUp()
  let sent = 0
  const body = new ReadableStream({
    pull(controller) {
      sent += 1024 * 1024
      controller.enqueue(new Uint8Array(1024 * 1024))
    },
  })
  const { status } = await anh.call('/api/me/avatar', { method: 'PUT', body })
  expect(status).toBe(413)
  expect(sent).toBeLessThan(AVATAR_MAX_BYTES + 4 * 1024 * 1024)
})

test('[U22] another site does not show our pictures', async () => {
  const { server, anh } = await setUp()
  const { body } = await anh.call('/api/me/avatar', { method: 'PUT', body: PNG })
  const ask = (site: string) =>
    server.browser().call(body.user.avatar, { headers: { 'sec-fetch-site': site } })
  expect([(await ask('cross-site')).status, (await ask('same-origin')).status]).toEqual([403, 200])
})

test('a picture nobody has is 404', async () => {
  const { server } = await setUp()
  for (const key of ['A'.repeat(22), 'A'.repeat(21), '..%2f..%2fetc%2fpasswd', 'A'.repeat(21) + '.']) {
    expect([key, (await server.api.request(`/media/${key}`)).status]).toEqual([key, 404])
  }
})
