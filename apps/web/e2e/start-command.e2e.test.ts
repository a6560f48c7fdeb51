import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureWebBuild } from '../../../tools/web-build.ts'

const ROOT = join(import.meta.dir, '../../..')
const READY = /Tám is ready: (\S+)/

test('a supervisor that ends `npm start` ends the server: it drains, nothing stays behind', async () => {
  await ensureWebBuild()
  const data = mkdtempSync(join(tmpdir(), 'tam-start-'))
  const npm = Bun.spawn(['npm', 'start'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOME: data, TAM_PORT: '0', TAM_DATA_DIR: data },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'ignore',
  })
  const url = await readyUrl(npm.stdout)
  npm.kill('SIGTERM')
  // Not the code of a shell that a signal ended: the server itself drained and said so.
  expect(await npm.exited).toBe(0)
  expect(await fetch(`${url}/healthz`).catch(() => 'gone')).toBe('gone')
  rmSync(data, { recursive: true, force: true })
}, 90_000)

async function readyUrl(output: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let said = ''
  for await (const chunk of output) {
    said += decoder.decode(chunk, { stream: true })
    const found = READY.exec(said)?.[1]
    if (found !== undefined) {
      return found
    }
  }
  throw new Error(`npm start ended: ${said}`)
}
