import { join } from 'node:path'
import { run } from '../../run.ts'

export interface Keystore {
  /** PKCS#12, with the key of the nodes. */
  readonly path: string
  /** PEM file of their certificate, for clients to trust. */
  readonly certificatePath: string
}

/** Guards a key that lives as long as one test cluster. */
export const KEYSTORE_PASSWORD = 'cassandra'

/** A self-signed certificate for all `addresses`. */
export async function createKeystore(directory: string, addresses: readonly string[]): Promise<Keystore> {
  const path = join(directory, 'keystore.p12')
  const certificatePath = join(directory, 'certificate.pem')
  const store = ['-keystore', path, '-storetype', 'PKCS12', '-storepass', KEYSTORE_PASSWORD, '-alias', 'node']
  const names = addresses.map((address) => `ip:${address}`).join(',')
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '3650', '-dname', 'CN=cassandra']
  await keytool(['-genkeypair', ...key, '-ext', `san=${names}`, ...store])
  await keytool(['-exportcert', '-rfc', '-file', certificatePath, ...store])
  return { path, certificatePath }
}

async function keytool(parameters: readonly string[]): Promise<void> {
  const outcome = await run(['keytool', ...parameters])
  if (outcome.code !== 0) {
    throw new Error(`keytool failed: ${outcome.output}`)
  }
}
