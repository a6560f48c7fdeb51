import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Keystore, KEYSTORE_PASSWORD } from './keystore.ts'
import type { Ports } from './ports.ts'

export interface NodeFilesOptions {
  /** The node's own folder. */
  readonly directory: string
  readonly address: string
  readonly addresses: readonly string[]
  readonly ports: Ports
  readonly passwords: boolean
  readonly keystore: Keystore | undefined
}

const TEMPLATE = join(import.meta.dir, 'cassandra.yaml')

/** Writes the configuration of one node and makes the folders that it does not make itself. */
export function writeNodeFiles(options: NodeFilesOptions): void {
  const { directory, address, addresses, ports, passwords, keystore } = options
  for (const name of ['tmp', 'triggers']) {
    mkdirSync(join(directory, name), { recursive: true })
  }
  const values: Record<string, string> = {
    directory,
    address,
    // Every node is a seed, so that any of them finds the others again after a restart.
    seed: addresses.map((seed) => `${seed}:${ports.storage}`).join(','),
    storagePort: String(ports.storage),
    nativePort: String(ports.native),
    authenticator: passwords ? 'PasswordAuthenticator' : 'AllowAllAuthenticator',
    authorizer: passwords ? 'CassandraAuthorizer' : 'AllowAllAuthorizer',
    tls: String(keystore !== undefined),
    keystore: keystore?.path ?? '',
    keystorePassword: KEYSTORE_PASSWORD,
  }
  writeFileSync(join(directory, 'cassandra.yaml'), fill(readFileSync(TEMPLATE, 'utf8'), values))
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
