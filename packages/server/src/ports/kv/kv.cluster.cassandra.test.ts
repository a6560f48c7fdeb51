/*
 * The engine against a real Cassandra of three nodes. Only with TAM_TEST_CASSANDRA=1: it starts processes of three
 * gigabytes.
 */
import { clusterFacts } from './tests/cassandra-cluster.ts'
import { cassandraLab, registerFacts } from './tests/cassandra-lab.ts'

const lab = await cassandraLab({ nodes: 3 })

if (lab !== undefined) {
  registerFacts(lab, 'three nodes', clusterFacts)
}
