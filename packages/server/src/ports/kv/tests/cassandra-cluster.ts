import {
  type CassandraCluster,
  type CassandraOptions,
  startCassandra,
} from '../../../../../../tools/engines/cassandra/cluster.ts'
import { prepareCassandra } from '../../../../../../tools/engines/cassandra/install.ts'

/** The starter of a real cluster; undefined without TAM_TEST_CASSANDRA=1, and where it cannot be had, which is said. */
export async function clusterForTests(
  options: CassandraOptions,
): Promise<(() => Promise<CassandraCluster>) | undefined> {
  if (process.env['TAM_TEST_CASSANDRA'] !== '1') {
    return undefined
  }
  const missing = await prepareCassandra()
  if (missing !== undefined) {
    process.stderr.write(`left out, the tests on a real Cassandra: ${missing}\n`)
    return undefined
  }
  return () => startCassandra(options)
}
