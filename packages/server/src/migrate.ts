import { systemClock, systemRandom } from '@tam/util'
import { parseStore } from './config/config.ts'
import { readEnv } from './config/env.ts'
import { migrateStore } from './roles/migrate.ts'
import { endOf } from './roles/start-errors.ts'

export interface MigrateOptions {
  readonly dryRun?: boolean
}

/** `tam migrate`: leaves the store as this version wants it, and says what it did. */
export async function migrateCommand({ dryRun = false }: MigrateOptions): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  try {
    const store = parseStore(readEnv())
    await migrateStore({ store, dryRun, say, clock: systemClock, random: systemRandom })
  } catch (error) {
    const end = endOf(error)
    if (end === undefined) {
      throw error
    }
    process.stderr.write(`${end.message}\n`)
    process.exit(end.code)
  }
}
