import { afterEach } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/* The program itself, as an operator starts it. What a test starts and writes is gone after it. */

const MAIN = join(import.meta.dir, '../src/main.ts')
const folders: string[] = []
const children: Bun.Subprocess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    await child.exited
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

function spawn(settings: Record<string, string>): Bun.Subprocess<'ignore', 'pipe', 'pipe'> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TAM_')))
  const child = Bun.spawn([process.execPath, MAIN, 'serve'], {
    env: { ...env, TAM_PORT: '0', TAM_LOG_LEVEL: 'error', ...settings },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  children.push(child)
  return child
}

/** Runs a start that must fail; its exit code and what it says. */
export async function refusedStart(
  settings: Record<string, string>,
): Promise<{ code: number; said: string }> {
  const child = spawn(settings)
  const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  return { code, said }
}

/** Starts and resolves with the address it prints. */
export async function start(
  settings: Record<string, string>,
): Promise<{ url: string; child: Bun.Subprocess }> {
  const child = spawn(settings)
  let said = ''
  for await (const chunk of child.stdout) {
    said += new TextDecoder().decode(chunk)
    const url = /Tám is ready: (\S+)/.exec(said)?.[1]
    if (url !== undefined) {
      return { url, child }
    }
  }
  throw new Error(`not started: ${said}${await new Response(child.stderr).text()}`)
}
