import { expect, test } from 'bun:test'
import { startServer } from './tests/server.ts'

/** What the listener answers to raw bytes on a connection of their own. */
async function ask(port: number, request: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let answer = ''
  await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      open: (socket) => void socket.write(request),
      data: (socket, bytes) => {
        answer += bytes.toString()
        if (/\r\n\r\n/.test(answer)) {
          resolve(answer)
          socket.end()
        }
      },
      close: () => resolve(answer),
      error: (_, error) => reject(error),
    },
  })
  return promise
}

async function listen() {
  const { api } = await startServer()
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    development: false,
    fetch: (request, own) => api.fetch(request, { peer: own.requestIP(request)?.address ?? '' }),
  })
  return { port: server.port ?? 0, [Symbol.asyncDispose]: () => server.stop(true) }
}

const head = (line: string, ...headers: string[]) => [line, ...headers, '', ''].join('\r\n')
const JSON_TYPE = 'Content-Type: application/json'

const cases: [what: string, request: string, status: number][] = [
  ['a plain request', head('GET /healthz HTTP/1.1', 'Host: localhost'), 200],
  ['a malformed Host', head('GET /api/me HTTP/1.1', 'Host: a b'), 400],
  ['a Host with a path', head('GET /api/me HTTP/1.1', 'Host: a/b?c'), 400],
  ['an empty Host', head('GET /api/me HTTP/1.1', 'Host: '), 400],
  ['[R17] a NUL in the path', head('GET /api/users/%00 HTTP/1.1', 'Host: localhost'), 400],
  ['TRACE', head('TRACE /api/me HTTP/1.1', 'Host: localhost'), 405],
  ['[R16] a path that climbs', head('GET /media/../../etc/passwd HTTP/1.1', 'Host: localhost'), 404],
  [
    '[R16] a path that climbs in disguise',
    head('GET /media/..%2f..%2fetc%2fpasswd HTTP/1.1', 'Host: localhost'),
    404,
  ],
  [
    '[R11] a body of two lengths',
    head(
      'POST /api/login HTTP/1.1',
      'Host: localhost',
      JSON_TYPE,
      'Content-Length: 2',
      'Transfer-Encoding: chunked',
    ),
    400,
  ],
  [
    '[R10] too many headers',
    head('GET /healthz HTTP/1.1', 'Host: localhost', ...Array.from({ length: 2_000 }, (_, i) => `x-${i}: 1`)),
    431,
  ],
  [
    '[R10] a header too long',
    head('GET /healthz HTTP/1.1', 'Host: localhost', `x: ${'y'.repeat(65_536)}`),
    431,
  ],
  [
    '[R05] a body that is too long, declared',
    head('POST /api/login HTTP/1.1', 'Host: localhost', JSON_TYPE, 'Content-Length: 300000'),
    413,
  ],
  [
    '[R05] a body that is too long, in chunks',
    head('POST /api/login HTTP/1.1', 'Host: localhost', JSON_TYPE, 'Transfer-Encoding: chunked') +
      `10000\r\n${' '.repeat(0x10000)}\r\n`.repeat(5),
    413,
  ],
]

for (const [what, request, status] of cases) {
  test(`${what} is answered ${status}`, async () => {
    await using server = await listen()
    const answer = await ask(server.port, request)
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`)
    expect(answer).not.toMatch(/bun|stack|\/src\//i)
  })
}
