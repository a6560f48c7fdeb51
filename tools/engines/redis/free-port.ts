// Below the ephemeral ports: no outgoing connection takes it while its server is down, and a client that dials the
// dead server is not connected to itself.
const PORT_FROM = 20_000
const PORT_COUNT = 12_000
const TRIES_MAX = 100

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): number {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = PORT_FROM + Math.floor(Math.random() * PORT_COUNT)
    if (isFree(port)) {
      return port
    }
  }
  throw new Error('no free port on 127.0.0.1')
}

function isFree(port: number): boolean {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true)
    return true
  } catch {
    return false
  }
}
