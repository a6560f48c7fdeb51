import { join } from 'node:path'
import { javaProgram } from './install.ts'

export interface JavaCommandOptions {
  /** Folder of the jars. */
  readonly lib: string
  /** The node's own folder, which holds cassandra.yaml. */
  readonly directory: string
  readonly heapMiB: number
}

/** What Cassandra's own jvm17-server.options opens to it. */
const EXPORTS = [
  'java.base/jdk.internal.misc',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.sql/java.sql',
]
const OPENS = [
  'java.base/java.lang.module',
  'java.base/java.io',
  'java.base/java.lang',
  'java.base/java.lang.reflect',
  'java.base/java.math',
  'java.base/java.net',
  'java.base/java.nio',
  'java.base/java.nio.charset',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/jdk.internal.loader',
  'java.base/jdk.internal.math',
  'java.base/jdk.internal.module',
  'java.base/jdk.internal.ref',
  'java.base/jdk.internal.reflect',
  'java.base/jdk.internal.util.jar',
  'java.base/sun.nio.ch',
  'jdk.management/com.sun.management.internal',
]

/** The command line of one node. JMX stays off: it would need one more port and nobody asks it anything. */
export function javaCommand({ lib, directory, heapMiB }: JavaCommandOptions): string[] {
  const properties = {
    'cassandra.config': `file://${join(directory, 'cassandra.yaml')}`,
    'cassandra.storagedir': directory,
    'cassandra.logdir': directory,
    'cassandra.triggers_dir': join(directory, 'triggers'),
    'logback.configurationFile': join(import.meta.dir, 'logback.xml'),
    'cassandra.ring_delay_ms': 100,
    'cassandra.skip_wait_for_gossip_to_settle': 0,
    'cassandra.superuser_setup_delay_ms': 0,
    'jdk.attach.allowAttachSelf': true,
    'io.netty.tryReflectionSetAccessible': true,
    'java.net.preferIPv4Stack': true,
    'java.io.tmpdir': join(directory, 'tmp'),
  }
  return [
    javaProgram(),
    `-Xms${heapMiB}M`,
    `-Xmx${heapMiB}M`,
    '-Xss512k',
    '-XX:+UseSerialGC',
    // The second compiler pays only in runs of several minutes.
    '-XX:TieredStopAtLevel=1',
    `-javaagent:${join(lib, 'jamm-0.4.0.jar')}`,
    ...EXPORTS.flatMap((name) => ['--add-exports', `${name}=ALL-UNNAMED`]),
    ...OPENS.flatMap((name) => ['--add-opens', `${name}=ALL-UNNAMED`]),
    ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
    '-cp',
    join(lib, '*'),
    'org.apache.cassandra.service.CassandraDaemon',
  ]
}
