import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../run.ts'

const COMMAND =
  'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost'

export interface Certificate extends Disposable {
  /** PEM file of the certificate and its key, as HAProxy takes it. */
  readonly path: string
  /** The certificate alone. */
  readonly text: string
}

/** A certificate for localhost that nobody trusts. @throws with what openssl says */
export async function selfSigned(): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'tam-certificate-'))
  const key = join(folder, 'key.pem')
  const certificate = join(folder, 'certificate.pem')
  const path = join(folder, 'both.pem')
  const outcome = await run([...COMMAND.split(' '), '-keyout', key, '-out', certificate])
  if (outcome.code !== 0) {
    throw new Error(`no certificate could be made: ${outcome.output}`)
  }
  const text = readFileSync(certificate, 'utf8')
  writeFileSync(path, text + readFileSync(key, 'utf8'))
  return { path, text, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
