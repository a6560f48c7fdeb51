import { afterEach } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerUnderTest } from './server-under-test.ts'

/* The program itself, as an operator starts it. What a test starts and writes is gone after it. */

const folders: string[] = []
const servers: ServerUnderTest[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await server.kill()
  }
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true })
  }
})

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tam-serve-'))
  folders.push(folder)
  return folder
}

function spawn(settings: Record<string, string>, parameters: readonly string[]): ServerUnderTest {
  const server = new ServerUnderTest(parameters, { TAM_LOG_LEVEL: 'error', ...settings })
  servers.push(server)
  return server
}

/** Runs a start that must fail; its exit code and what it says. */
export async function refusedStart(
  settings: Record<string, string>,
  parameters: readonly string[] = ['serve'],
): Promise<{ code: number; said: string }> {
  const server = spawn(settings, parameters)
  return { code: await server.ended(), said: server.said }
}

/** Starts and resolves when it is ready. */
export async function start(settings: Record<string, string>): Promise<ServerUnderTest> {
  const server = spawn(settings, ['serve'])
  await server.started()
  return server
}
