import { type Clock, type Random, randomId } from '@tam/util'
import type { Logger } from '../observability/logger.ts'
import type { Kv } from '../ports/kv/kv.ts'
import { LastSeen } from './last-seen.ts'
import { PresenceServer, type PresenceServerDeps } from './presence-server.ts'

const ID_LENGTH = 8

export interface PresenceRoleDeps extends Pick<PresenceServerDeps, 'cache' | 'bus' | 'factsOf' | 'graceMs'> {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Pick<Logger, 'warn'>
  readonly kv: Pick<Kv, 'getMany' | 'commit'>
}

export interface PresenceRole {
  /** Gives up its shards and writes what waits; others go on within seconds. */
  stop(): Promise<void>
  load(): PresenceServer['load']
}

/** Starts one presence server. Any number run beside each other and share the people among them. */
export async function startPresenceRole(deps: PresenceRoleDeps): Promise<PresenceRole> {
  const onError = (error: unknown) => deps.logger.warn({ err: error }, 'presence could not reach the store')
  const lastSeen = new LastSeen({ ...deps, onError })
  const server = new PresenceServer({ ...deps, id: randomId(deps.random, ID_LENGTH), lastSeen, onError })
  lastSeen.start()
  await server.start()
  return {
    load: () => server.load,
    async stop() {
      await server.stop()
      await lastSeen.stop()
    },
  }
}
