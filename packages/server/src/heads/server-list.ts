import { type Kv, prefixEnd } from '../ports/kv/kv.ts'
import { ROW_SECONDS, SERVERS_MAX } from './limits.ts'

/*
 * `servers` `node/<node>`: a row for each process that may append, from before its first commit to long after its last.
 * Who can commit can write it, so nobody is left out who could have something to tell. Whoever is alive renews it,
 * which gives it a new rev: thus no clock of one server is compared with that of another.
 */

const PARTITION = 'servers'
const PREFIX = 'node/'
const LEFT = 'left'

export interface ListedServer {
  /** Another one after each renewal. */
  readonly rev: string
  /** It said that it appends no more. */
  readonly hasLeft: boolean
}

/**
 * Writes or renews the row of a server. It stays when the server leaves, so that those find it who heard nothing of it.
 * @throws {UnknownOutcome}
 */
export async function putServer(
  kv: Pick<Kv, 'commit'>,
  node: string,
  { hasLeft }: Pick<ListedServer, 'hasLeft'>,
): Promise<void> {
  const row = { key: `${PREFIX}${node}`, value: hasLeft ? LEFT : '', ttl: ROW_SECONDS }
  await kv.commit(PARTITION, { put: [row] })
}

/** Every server by name; SERVERS_MAX of them may not be all. @throws what the store throws */
export async function listServers(kv: Pick<Kv, 'scan'>): Promise<Map<string, ListedServer>> {
  const range = { from: PREFIX, to: prefixEnd(PREFIX), limit: SERVERS_MAX }
  const rows = await kv.scan(PARTITION, range)
  return new Map(
    rows.map(({ key, value, rev }) => [key.slice(PREFIX.length), { rev, hasLeft: value === LEFT }]),
  )
}
