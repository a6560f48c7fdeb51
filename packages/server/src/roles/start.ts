import { randomId } from '@tam/util'
import type { Config } from '../config/config.ts'
import type { PublicAddress } from '../config/public-address.ts'
import { nameRoles, ROLES } from '../config/roles.ts'
import { Lifecycle } from '../lifecycle/service.ts'
import type { AppendStrategy } from '../log/strategy.ts'
import { openEdges } from './edges.ts'
import type { EngineOptions, Engines } from './engines.ts'
import { FORMAT } from './format.ts'
import { layFoundation } from './foundation.ts'
import { findPlaces } from './port.ts'
import type { Services } from './services.ts'
import { asStartError } from './start-errors.ts'
import { watches } from './watches.ts'

const NODE_ID_LENGTH = 8

export interface StartOptions extends Omit<EngineOptions, 'config'> {
  readonly config: Config
  /** Folder of the built web client; without one only the API is served. */
  readonly webRoot?: string
  /** Stands between the engines and everything else; for drills that plant a fault. */
  readonly wrapEngines?: (engines: Engines) => Engines
  readonly strategy?: AppendStrategy
  readonly bucketSize?: number
}

export interface RunningServer {
  readonly address: PublicAddress
  readonly host: string
  readonly port: number
  /** As in `hello` and in logs. */
  readonly node: string
  readonly services: Services
  /** Resolves when a newer version has taken the store over: then this server must be stopped. */
  readonly shutOut: Promise<void>
  /** Refuses newcomers, sends everybody elsewhere, finishes what is in flight, closes. Takes 10 s at most, and the drain delay. */
  stop(): Promise<void>
}

/** How loud the ordinary course is: one process for all greets whoever started it; those of a fleet tell the log. */
export function ordinaryLevel({ roles }: Pick<Config, 'roles'>): 'info' | 'debug' {
  return roles.length < ROLES.length ? 'info' : 'debug'
}

/**
 * The roles of `config.roles` in one process, behind one port.
 * @throws {ListenError | SqliteOpenError | StartError | RemoteKvOpenError}
 */
export async function startRoles(given: StartOptions): Promise<RunningServer> {
  const { config, random, webRoot } = given
  const places = findPlaces(config)
  const { host, port } = places.main
  const node = randomId(random, NODE_ID_LENGTH)
  const logger = given.logger.child({ node, role: nameRoles(config.roles) })
  const options = { ...given, logger }
  const shutOut = Promise.withResolvers<void>()
  await using opening = new AsyncDisposableStack()
  const foundation = await layFoundation(opening, options, { node, port }).catch((error: unknown) => {
    throw asStartError(error, config.store)
  })
  const edges = await openEdges(foundation, { ...places, webRoot })
  const lifecycle = new Lifecycle(options)
  const owned = opening.move()
  const base = { name: 'engines', stop: () => owned.disposeAsync() }
  const watching = watches(foundation, edges.health, shutOut.resolve)
  const telling = foundation.heads ? [foundation.heads.service] : []
  await lifecycle.start([base, ...telling, ...watching, ...edges.services], new AbortController().signal)
  const { address, services } = foundation
  logger[ordinaryLevel(config)]({ host, port, admin: places.admin?.port, format: FORMAT }, 'serving')
  return {
    address,
    host,
    port,
    node,
    services,
    shutOut: shutOut.promise,
    stop: () => lifecycle.end(),
  }
}
