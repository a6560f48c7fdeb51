import type { Clock, Random } from '@tam/util'
import type { Config } from '../config/config.ts'
import type { PublicAddress } from '../config/public-address.ts'
import type { RoleName } from '../config/roles.ts'
import type { ApiDeps } from '../http/app.ts'
import type { Api } from '../http/context.ts'
import type { Heads } from '../heads/heads.ts'
import type { Service } from '../lifecycle/service.ts'
import type { Logger } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Gateway } from '../realtime/listener.ts'
import type { Engines } from './engines.ts'
import type { Hearing } from './hearing.ts'
import type { Services } from './services.ts'

/** What the roles of one process stand on. */
export interface Foundation {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Name of this process, new at every start. */
  readonly node: string
  readonly address: PublicAddress
  readonly engines: Engines
  readonly services: Services
  readonly hearing: Hearing
  readonly metrics: Metrics
  /** Tells other servers how far logs are; absent where there are none. */
  readonly heads?: Heads
  /** False when the store has not answered for 10 s. */
  readonly isStoreAlive: () => boolean
}

/** One role of a process: its work as a service, and what it adds to the one listener. */
export interface Role extends Service {
  readonly name: RoleName
  readonly addRoutes?: (api: Api) => void
  /** Answers what is no route. */
  readonly site?: NonNullable<ApiDeps['site']>
  /** Takes the WebSockets, and hears the other servers. */
  readonly gateway?: Gateway
}
