import type { MigrateOptions, MigrationReport } from '../../ports/kv/kv.cassandra.migrate.ts'
import type { CassandraKvOptions, CassandraStore } from '../../ports/kv/kv.cassandra.ts'
import { StartError } from '../start-errors.ts'

/*
 * The driver is loaded when it is needed: 25 MB that a process on embedded engines does not pay for.
 */

/** @throws {StartError} */
export async function openCassandra(options: CassandraKvOptions): Promise<CassandraStore> {
  const { openCassandraKv } = await import('../../ports/kv/kv.cassandra.ts')
  return explained(() => openCassandraKv(options))
}

/** @throws {StartError} */
export async function migrateCassandra(options: MigrateOptions): Promise<MigrationReport> {
  const engine = await import('../../ports/kv/kv.cassandra.migrate.ts')
  return explained(() => engine.migrateCassandra(options))
}

async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const { CassandraOpenError } = await import('../../ports/kv/kv.cassandra.errors.ts')
    if (error instanceof CassandraOpenError) {
      throw new StartError(error.message, { mayPass: error.problem === 'unreachable', cause: error })
    }
    throw error
  }
}
