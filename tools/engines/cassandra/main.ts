/*
 * A real Cassandra for development and tests: `bun tools/engines/cassandra/main.ts install`, or
 * `… start [--nodes 1|2|3] [--directory path] [--port 9042] [--passwords] [--tls]`, which runs until Ctrl-C.
 */
import { parseArgs } from 'node:util'
import { type CassandraCluster, type CassandraOptions, startCassandra } from './cluster.ts'
import { installCassandra, prepareCassandra } from './install.ts'

const DEFAULT_PORT = 9_042

function readOptions(parameters: string[]): CassandraOptions {
  const { values } = parseArgs({
    args: parameters,
    options: {
      nodes: { type: 'string', default: '1' },
      directory: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      passwords: { type: 'boolean', default: false },
      tls: { type: 'boolean', default: false },
    },
  })
  const nodes = Number(values.nodes)
  const native = Number(values.port)
  if (nodes !== 1 && nodes !== 2 && nodes !== 3) {
    throw new Error(`--nodes must be 1, 2 or 3, not ${values.nodes}`)
  }
  if (!Number.isInteger(native) || native < 1 || native >= 65_535) {
    throw new Error(`--port must be a number from 1 to 65534, not ${values.port}`)
  }
  return {
    nodes,
    ports: { native, storage: native + 1 },
    passwords: values.passwords,
    tls: values.tls,
    ...(values.directory === undefined ? {} : { directory: values.directory }),
  }
}

/** The TAM_KV_URL that leads to the cluster. */
function kvUrl({ contactPoints, credentials, certificatePath, localDataCenter }: CassandraCluster): string {
  const user = credentials === undefined ? '' : `${credentials.username}:${credentials.password}@`
  const tls = certificatePath === undefined ? '' : `&tls=1&ca=${encodeURIComponent(certificatePath)}`
  return `cassandra://${user}${contactPoints.join(',')}/tam?dc=${localDataCenter}${tls}`
}

async function start(options: CassandraOptions): Promise<void> {
  const interrupted = Promise.withResolvers<void>()
  process.once('SIGINT', interrupted.resolve)
  process.once('SIGTERM', interrupted.resolve)
  const began = performance.now()
  await using cluster = await startCassandra(options)
  console.log(`Cassandra answers after ${Math.round((performance.now() - began) / 100) / 10} s`)
  console.log(`TAM_KV_URL='${kvUrl(cluster)}'`)
  await interrupted.promise
  console.log('stopping')
}

const [command, ...parameters] = process.argv.slice(2)
const missing = await prepareCassandra()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}
switch (command) {
  case 'install':
    console.log(await installCassandra())
    break
  case 'start':
    await start(readOptions(parameters))
    break
  default:
    console.error(
      'usage: main.ts install | start [--nodes n] [--directory path] [--port n] [--passwords] [--tls]',
    )
    process.exit(2)
}
process.exit(0)
