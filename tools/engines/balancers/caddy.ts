import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Outcome, root, run } from '../../run.ts'
import { debianProgram } from '../debian-package.ts'
import { freePort } from '../redis/free-port.ts'
import type { Balancer, Servers } from './balancer.ts'
import { Daemon } from './daemon.ts'

const ARGUMENTS = ['--config', join(root, 'deploy/Caddyfile'), '--adapter', 'caddyfile']

/** Caddy with `deploy/Caddyfile`, unchanged. */
export async function startCaddy({ api, chat, notify = [] }: Servers): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'tam-caddy-'))
  const [port, notifyPort] = [freePort(), freePort()]
  const log = join(folder, 'log')
  const daemon = new Daemon({
    command: [await debianProgram('caddy'), 'run', ...ARGUMENTS],
    port,
    log,
    env: {
      HOME: folder,
      LB_SITE: `http://:${port}`,
      LB_NOTIFY_SITE: `http://127.0.0.1:${notifyPort}`,
      LB_ADMIN: 'off',
      LB_API: addresses(api),
      LB_CHAT: addresses(chat),
      ...(notify.length > 0 ? { LB_NOTIFY: addresses(notify) } : {}),
    },
  })
  await daemon.started()
  return {
    port,
    notifyPort,
    log: () => Bun.file(log).text(),
    async [Symbol.asyncDispose]() {
      await daemon[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Whether Caddy accepts the file. */
export async function checkCaddy(): Promise<Outcome> {
  return run([await debianProgram('caddy'), 'validate', ...ARGUMENTS])
}

function addresses(ports: readonly number[]): string {
  return ports.map((port) => `127.0.0.1:${port}`).join(' ')
}
