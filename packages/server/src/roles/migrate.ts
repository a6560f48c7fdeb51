import { type Clock, type Random, unreachable } from '@tam/util'
import type { StoreTarget } from '../config/targets.ts'
import { migrateCassandra } from './engines/cassandra.ts'

export interface MigrateStoreOptions {
  readonly store: StoreTarget
  /** Only say what would be done. */
  readonly dryRun: boolean
  readonly say: (line: string) => void
  readonly clock: Clock
  readonly random: Random
}

/** @throws {StartError} */
export async function migrateStore({ store, say, ...options }: MigrateStoreOptions): Promise<void> {
  switch (store.kind) {
    case 'cassandra': {
      const report = await migrateCassandra({ ...store.cluster, ...options, onNotice: say })
      report.statements.forEach((statement) => say(`${statement};`))
      const verb = options.dryRun ? 'would be' : 'is'
      say(`the schema was ${report.from} and ${verb} ${report.to}`)
      return
    }
    case 'sqlite':
      say(`${store.path}: nothing to do; the server brings its file up to date when it starts`)
      return
    case 'remote':
      say(`${store.path}: nothing to do; the process that owns the store brings it up to date`)
      return
    default:
      unreachable(store)
  }
}
