import type { Cancel, Clock } from '@tam/util'
import type { Logger } from '../observability/logger.ts'
import type { Kv } from '../ports/kv/kv.ts'
import { readOwnRow, settleRow } from './own-rows.ts'
import { StartError } from './start-errors.ts'

/**
 * What servers of one fleet say to each other, through rows, bus messages and cached values. It grows with a change
 * that servers of the format before would misread, or that is relied on though they do not make it.
 */
export const FORMAT = 3
/** The oldest format whose servers may work beside this version's. */
export const FORMAT_BESIDE = 3

/** Between two looks whether a newer version has taken the store over, milliseconds. */
export const FORMAT_LOOK_MS = 10_000

/** Holds the oldest format that is admitted. */
const KEY = 'format'

export interface Formats {
  readonly own: number
  readonly beside: number
}

const FORMATS: Formats = { own: FORMAT, beside: FORMAT_BESIDE }

/**
 * Lets this server in, and shuts out those that would misread what it writes.
 * @throws {StartError} when it would misread what others write
 * @throws {DamagedRow}
 */
export async function admit(kv: Pick<Kv, 'get' | 'commit'>, formats: Formats = FORMATS): Promise<void> {
  await settleRow(kv, { key: KEY, form: /^\d+$/ }, (value) => {
    const oldest = Number(value ?? 0)
    if (oldest > formats.own) {
      throw new StartError(
        `the store belongs to a newer version: it admits format ${oldest} and later, this server speaks ${formats.own}; start that version`,
      )
    }
    return String(Math.max(oldest, formats.beside))
  })
}

export interface FormatWatchDeps {
  readonly kv: Pick<Kv, 'get'>
  readonly clock: Pick<Clock, 'every'>
  readonly logger: Logger
  /** Called once: this server must end. */
  readonly onShutOut: () => void
  readonly formats?: Formats
}

/** Notices that a newer version has shut this server out while it runs. */
export class FormatWatch {
  readonly #deps: FormatWatchDeps
  #cancel: Cancel = () => {}

  constructor(deps: FormatWatchDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#cancel = this.#deps.clock.every(FORMAT_LOOK_MS, () => void this.#look())
  }

  stop(): void {
    this.#cancel()
  }

  async #look(): Promise<void> {
    const { kv, formats = FORMATS, logger, onShutOut } = this.#deps
    // A store that does not answer is somebody else's alarm.
    const value = await readOwnRow(kv, KEY).catch(() => undefined)
    if (Number(value ?? 0) > formats.own) {
      this.stop()
      logger.fatal({ admitted: Number(value), own: formats.own }, 'a newer version has taken the store over')
      onShutOut()
    }
  }
}
