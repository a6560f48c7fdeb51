/* The whole program with a given build of the web client: `bun serve-build.ts <folder>`, settings as for `tam serve`. */
import { systemClock, systemRandom } from '@tam/util'
import { parseConfig } from '../../../packages/server/src/config/config.ts'
import { readEnv } from '../../../packages/server/src/config/env.ts'
import { createLogger } from '../../../packages/server/src/observability/logger.ts'
import { startRoles } from '../../../packages/server/src/roles/start.ts'

const config = parseConfig(readEnv())
const { address } = await startRoles({
  config,
  clock: systemClock,
  random: systemRandom,
  logger: createLogger(config.logLevel),
  webRoot: process.argv[2] ?? '',
})
process.stdout.write(`Tám is ready: ${address.url}\n`)
