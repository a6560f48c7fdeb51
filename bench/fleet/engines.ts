import { prepareCassandra } from '../../tools/engines/cassandra/install.ts'
import { debianProgram } from '../../tools/engines/debian-package.ts'
import { findRedis } from '../../tools/engines/redis/find-redis.ts'

/** One line that says what is missing, or undefined. */
export type Missing = () => Promise<string | undefined>

/** Redis and HAProxy: what a fleet on one machine needs beside Tám. */
export async function missingForFleet(): Promise<string | undefined> {
  const redis = await findRedis()
  if ('missing' in redis) {
    return redis.missing
  }
  try {
    await debianProgram('haproxy')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export const missingForCassandra: Missing = prepareCassandra
