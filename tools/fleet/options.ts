import { parseArgs } from 'node:util'
import type { FleetOptions } from './fleet.ts'
import type { StoreKind } from './store.ts'

export const USAGE = `npm run fleet -- [--kv 1|3|sqlite] [--port 8080] [--directory data/fleet]
  --kv         Cassandra with one node (the default) or three; sqlite where there is no Java
  --port       where people connect
  --directory  what people wrote is kept here`

const STORES: ReadonlyMap<string, StoreKind> = new Map([
  ['1', { engine: 'cassandra', nodes: 1 }],
  ['3', { engine: 'cassandra', nodes: 3 }],
  ['cassandra', { engine: 'cassandra', nodes: 1 }],
  ['sqlite', { engine: 'sqlite' }],
])
const PORT_MAX = 65_535

/** @throws {Error} with a sentence for the user when the arguments are not understood */
export function parseOptions(args: readonly string[]): FleetOptions & { directory: string } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kv: { type: 'string', default: '1' },
      port: { type: 'string', default: '8080' },
      directory: { type: 'string', default: 'data/fleet' },
    },
  })
  const store = STORES.get(values.kv)
  if (store === undefined) {
    throw new Error(`--kv must be 1, 3 or sqlite, not ${values.kv}`)
  }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > PORT_MAX) {
    throw new Error(`--port must be a number from 1 to ${PORT_MAX}, not ${values.port}`)
  }
  return { store, port, directory: values.directory }
}
