import { existsSync } from 'node:fs'
import { systemClock, systemRandom } from '@tam/util'
import { type Config, parseConfig } from './config/config.ts'
import { readEnv } from './config/env.ts'
import { nameRoles, ROLES } from './config/roles.ts'
import { isShared } from './config/targets.ts'
import { createLogger, type Logger } from './observability/logger.ts'
import { builtWebRoot } from './roles/all.ts'
import { ordinaryLevel, type RunningServer, startRoles } from './roles/start.ts'
import { endOf, EXIT_CANNOT_START, EXIT_FAILED } from './roles/start-errors.ts'

export interface ServeOptions {
  /** Instead of TAM_ROLES. */
  readonly roles?: string
}

/** `tam serve`: reads the settings, starts the roles, runs until a signal. */
export async function serveCommand({ roles }: ServeOptions = {}): Promise<void> {
  // What the data directory holds signs tokens: no other user of the machine may read it.
  process.umask(0o077)
  const signals = new Signals()
  try {
    const config = parseConfig({ ...readEnv(), ...(roles === undefined ? {} : { TAM_ROLES: roles }) })
    const logger = createLogger(config.logLevel)
    const running = await startServer(config, logger)
    process.stdout.write(welcome(running, config))
    signals.stops(running, logger.child({ node: running.node }), ordinaryLevel(config))
  } catch (error) {
    const end = endOf(error)
    if (end === undefined) {
      throw error
    }
    process.stderr.write(`${end.message}\n`)
    process.exit(end.code)
  }
}

async function startServer(config: Config, logger: Logger): Promise<RunningServer> {
  logStrays(logger)
  const running = await startRoles({
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

function welcome({ address, host, port }: RunningServer, config: Config): string {
  if (config.roles.length < ROLES.length || isShared(config.store)) {
    return `Tám ${nameRoles(config.roles)} is ready: ${host}:${port}\n`
  }
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

/** Signals this close together are one: npm passes Ctrl-C on beside the terminal, which has sent it to all. */
const ONE_SIGNAL_MS = 1_000

/** The first signal drains, a second one ends at once; so does one that comes before there is anything to drain. */
class Signals {
  #stop: ((code: number, why: object) => void) | undefined
  #stoppingSince: number | undefined
  #logger: Logger | undefined

  constructor() {
    process.on('SIGTERM', (signal) => this.#onSignal(signal))
    process.on('SIGINT', (signal) => this.#onSignal(signal))
  }

  stops(running: RunningServer, logger: Logger, level: 'info' | 'debug'): void {
    this.#logger = logger
    this.#stop = (code, why) => {
      const began = (this.#stoppingSince ??= systemClock.monotonic())
      logger[level](why, 'stopping')
      void running.stop().then(() => {
        logger[level]({ ms: Math.round(systemClock.monotonic() - began) }, 'stopped')
        process.exit(code)
      })
    }
    void running.shutOut.then(() => this.#stop?.(EXIT_CANNOT_START, { why: 'a newer version' }))
  }

  #onSignal(signal: NodeJS.Signals): void {
    if (this.#stop === undefined) {
      process.stderr.write(`Tám was told to end by ${signal} before it was ready.\n`)
      process.exit(0)
    }
    if (this.#stoppingSince === undefined) {
      this.#stop(0, { signal })
    } else if (systemClock.monotonic() - this.#stoppingSince > ONE_SIGNAL_MS) {
      this.#logger?.warn({ signal }, 'ended by a second signal, before everything had stopped')
      process.exit(EXIT_FAILED)
    }
  }
}
