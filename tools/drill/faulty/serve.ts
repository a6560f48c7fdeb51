import { parseConfig } from '@tam/server/config/config.ts'
import { readEnv } from '@tam/server/config/env.ts'
import { createLogger } from '@tam/server/observability/logger.ts'
import { startRoles } from '@tam/server/roles/start.ts'
import { systemClock, systemRandom } from '@tam/util'
import { findBug } from './bugs.ts'

/*
 * The real server with a fault planted, for drills: DRILL_BUG names it, DRILL_BUCKET sets the entries per bucket.
 * Both are no settings of the server, which knows nothing of faults.
 */
const bug = findBug(process.env.DRILL_BUG ?? 'none')
const config = parseConfig(readEnv())
const { strategy, wrapEngines } = bug
bug.patch?.()
const bucketSize = Number(process.env.DRILL_BUCKET ?? 0)
await startRoles({
  config,
  clock: systemClock,
  random: systemRandom,
  logger: createLogger(config.logLevel),
  ...(strategy === undefined ? {} : { strategy }),
  ...(wrapEngines === undefined ? {} : { wrapEngines }),
  ...(bucketSize > 0 ? { bucketSize } : {}),
})
