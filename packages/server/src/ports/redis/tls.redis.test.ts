import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../../../tools/engines/redis/free-port.ts'
import { startRedis } from '../../../../../tools/engines/redis/server.ts'

const suite = process.env.TAM_TEST_REDIS === '1' ? describe : describe.skip

suite('Redis over TLS', () => {
  test('a known certificate is accepted, any other refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tam-tls-'))
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    try {
      await makeCertificate(key, certificate)
      const port = String(freePort())
      const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate]
      await using _ = await startRedis({
        password: 'bí mật',
        settings: ['--tls-port', port, '--tls-auth-clients', 'no', ...files],
      })
      for (const host of ['localhost', '127.0.0.1']) {
        const url = `rediss://:${encodeURIComponent('bí mật')}@${host}:${port}`
        expect(await exitCodeOf(url, { NODE_EXTRA_CA_CERTS: certificate })).toBe(0)
        expect(await exitCodeOf(url, {})).toBe(2)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 30_000)
})

async function makeCertificate(key: string, certificate: string): Promise<void> {
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const made = Bun.spawn(
    [
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ].concat(['-keyout', key, '-out', certificate, '-subj', '/CN=localhost', '-addext', names]),
    { stdout: 'ignore', stderr: 'ignore' },
  )
  expect(await made.exited).toBe(0)
}

function exitCodeOf(url: string, env: Record<string, string>): Promise<number> {
  const child = join(import.meta.dir, 'tests/tls-child.ts')
  return Bun.spawn([process.execPath, child, url], {
    env: { ...process.env, ...env },
    stdout: 'inherit',
    stderr: 'inherit',
  }).exited
}
