import { existsSync } from 'node:fs'
import { systemClock, systemRandom } from '@tam/util'
import { type Config, ConfigError, parseConfig } from './config/config.ts'
import { readEnv } from './config/env.ts'
import { createLogger, type Logger } from './observability/logger.ts'
import { SqliteOpenError } from './ports/kv/kv.sqlite.errors.ts'
import { builtWebRoot, type RunningServer, startAll } from './roles/all.ts'
import { ListenError } from './roles/port.ts'

/** Exit code of a start that needs the operator: settings, port, data directory, database. */
const EXIT_CANNOT_START = 1
/** Exit code after a bug: the supervisor starts the program again. */
const EXIT_FAILED = 70

/** `tam serve`: reads the settings, starts everything, runs until a signal. */
export async function serveCommand(): Promise<void> {
  try {
    const config = parseConfig(readEnv())
    const running = await startServer(config)
    process.stdout.write(welcome(running, config))
    stopOnSignal(running)
  } catch (error) {
    if (!isExpected(error)) {
      throw error
    }
    process.stderr.write(`${error.message}\n`)
    process.exit(EXIT_CANNOT_START)
  }
}

async function startServer(config: Config): Promise<RunningServer> {
  const logger = createLogger(config.logLevel)
  logStrays(logger)
  const running = await startAll({
    config,
    clock: systemClock,
    random: systemRandom,
    logger,
    ...(existsSync(builtWebRoot) ? { webRoot: builtWebRoot } : {}),
  })
  if (config.rateLimitScale !== 1) {
    logger.warn({ scale: config.rateLimitScale }, 'rate limits are scaled: TAM_RATE_LIMIT_SCALE is not 1')
  }
  if (running.address.insecure) {
    logger.warn(
      { url: running.address.url },
      'sign-in is not protected on the way: TAM_PUBLIC_URL is not https',
    )
  }
  return running
}

/** A promise nobody waited for must not take everybody's connections with it; anything thrown outside of one may. */
function logStrays(logger: Logger): void {
  process.on('unhandledRejection', (error) =>
    logger.error({ err: error }, 'a promise failed and nobody waited'),
  )
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'the program failed')
    process.exit(EXIT_FAILED)
  })
}

function isExpected(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof ListenError || error instanceof SqliteOpenError
}

function welcome({ address }: RunningServer, config: Config): string {
  return [
    '',
    `  Tám is ready: ${address.url}`,
    '',
    '  Open it, register the first account, then invite others with the same address.',
    `  Data: ${config.dataDirectory}   Stop: Ctrl+C`,
    '',
    '',
  ].join('\n')
}

/** The first signal drains, a second one ends at once. */
function stopOnSignal(running: RunningServer): void {
  let stopping = false
  const stop = () => {
    if (stopping) {
      process.exit(1)
    }
    stopping = true
    void running.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
