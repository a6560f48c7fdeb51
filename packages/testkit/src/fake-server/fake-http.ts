import { must } from '@tam/util'
import type { FakeServer } from './fake-server.ts'

/** The few calls of the HTTP API that a client makes by itself. The refresh cookie is the user's id. */
export function answerHttp(server: FakeServer, url: URL, init: RequestInit): Response {
  const headers = new Headers(init.headers)
  const [, , noun, id, part] = url.pathname.split('/')
  switch (`${init.method} ${noun}`) {
    case 'POST login':
      return signIn(server, (JSON.parse(String(init.body)) as { login: string }).login, 'invalid_credentials')
    case 'POST refresh':
      return signIn(server, /rt=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1] ?? '', 'unauthenticated')
    case 'POST logout':
      return new Response(null, { status: 204, headers: { 'set-cookie': 'rt=; Max-Age=0' } })
    default:
  }
  const user = server.userOf(headers.get('authorization')?.slice('Bearer '.length) ?? '')
  if (user === undefined) {
    return problem(401, 'unauthenticated')
  }
  if (noun === 'users') {
    const ids = url.searchParams.get('ids')?.split(',') ?? []
    return Response.json({ users: ids.flatMap((one) => server.store.people.get(one) ?? []) })
  }
  const conversation = noun === 'conversations' ? server.store.find(id ?? '', user) : undefined
  if (conversation === undefined) {
    return problem(404, 'not_found')
  }
  return part === 'members'
    ? Response.json({ members: server.store.membersOf(conversation) })
    : Response.json({ conversation: server.store.summary(conversation, user) })
}

function signIn(server: FakeServer, login: string, refusal: string): Response {
  if (!server.store.people.has(login)) {
    return problem(401, refusal)
  }
  const { token, expiresIn } = server.issue(login)
  const body = { user: must(server.store.people.get(login)), accessToken: token, expiresIn }
  return Response.json(body, { headers: { 'set-cookie': `rt=${login}; Path=/; HttpOnly` } })
}

function problem(status: number, code: string): Response {
  const body = { type: 'about:blank', title: code, status, code }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  })
}
