import { parseConfig } from '@tam/server/config/config.ts'
import { readEnv } from '@tam/server/config/env.ts'
import { createLogger } from '@tam/server/observability/logger.ts'
import { startRoles } from '@tam/server/roles/start.ts'
import { systemClock, systemRandom } from '@tam/util'
import { BUGS } from './bugs.ts'

/*
 * The real server with a fault planted, for drills: DRILL_BUG names it, DRILL_BUCKET sets the entries per bucket.
 * Both are no settings of the server, which knows nothing of faults.
 */
const bug = BUGS.find(({ name }) => name === (process.env.DRILL_BUG ?? 'none'))
if (bug === undefined) {
  console.error(`no fault "${process.env.DRILL_BUG}": there are ${BUGS.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}
const config = parseConfig(readEnv())
const { strategy, wrapEngines } = bug
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
