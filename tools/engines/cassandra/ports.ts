import { createServer } from 'node:net'

/** The same on every address of a cluster. */
export interface Ports {
  /** Clients speak CQL to it. */
  readonly native: number
  /** Nodes speak to each other over it. */
  readonly storage: number
}

// Below the ephemeral ports, so that no outgoing connection takes one between the check and the start.
const PORT_FROM = 12_000
const PORT_COUNT = 7_000
const TRIES_MAX = 100

/** Two ports that are free on all `addresses`. */
export async function freePorts(addresses: readonly string[]): Promise<Ports> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const native = PORT_FROM + 2 * Math.floor((Math.random() * PORT_COUNT) / 2)
    const ports = { native, storage: native + 1 }
    const free = await Promise.all(
      addresses.flatMap((address) => [isFree(address, ports.native), isFree(address, ports.storage)]),
    )
    if (free.every(Boolean)) {
      return ports
    }
  }
  throw new Error(`no two free ports on ${addresses.join(', ')}`)
}

/** Whether nobody listens there. */
export function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, address, () => server.close(() => resolve(true)))
  })
}
