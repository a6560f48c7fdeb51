import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Outcome, root, run } from '../../run.ts'
import { debianProgram } from '../debian-package.ts'
import { freePort } from '../redis/free-port.ts'
import type { Balancer, Servers } from './balancer.ts'
import { Daemon } from './daemon.ts'

const CONFIG = join(root, 'deploy/nginx.conf')
const LOGS = ['tam.log', 'tam-error.log']

/** nginx with `deploy/nginx.conf`, its lists of servers and its ports filled in. */
export async function startNginx(servers: Servers): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'tam-nginx-'))
  const [port, notifyPort] = [freePort(), freePort()]
  const config = writeConfig(folder, { ...servers, port, notifyPort })
  const command = [await debianProgram('nginx'), '-c', config]
  const daemon = new Daemon({ command, port })
  await daemon.started()
  return {
    port,
    notifyPort,
    log: async () => (await Promise.all(LOGS.map((name) => Bun.file(join(folder, name)).text()))).join(''),
    async [Symbol.asyncDispose]() {
      await daemon[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Whether nginx accepts the file. */
export async function checkNginx(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'tam-nginx-'))
  try {
    const config = writeConfig(folder, { port: freePort(), notifyPort: freePort(), api: [1], chat: [2] })
    return await run([await debianProgram('nginx'), '-t', '-c', config])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Places extends Servers {
  readonly port: number
  readonly notifyPort: number
}

function writeConfig(folder: string, { port, notifyPort, api, chat, notify = [1] }: Places): string {
  let text = readFileSync(CONFIG, 'utf8')
  const replace = (from: string | RegExp, to: string) => {
    if (text === (text = text.replace(from, to))) {
      throw new Error(`deploy/nginx.conf has no ${from}`)
    }
  }
  const list = (name: string, ports: readonly number[]) =>
    replace(new RegExp(`(upstream ${name} \\{[^}]*?)(?: *server [^;]+;\n)+`), `$1${lines(ports)}`)
  list('tam_api', api)
  list('tam_chat', chat)
  list('tam_notify', notify)
  replace('listen 80;', `listen 127.0.0.1:${port};`)
  replace('listen 127.0.0.1:8100;', `listen 127.0.0.1:${notifyPort};`)
  replace(/\/var\/log\/nginx\//g, `${folder}/`)
  writeFileSync(join(folder, 'tam.conf'), text)
  const config = join(folder, 'nginx.conf')
  // Two workers, so that what they do not share shows.
  writeFileSync(
    config,
    `daemon off;\nworker_processes 2;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp { include ${folder}/tam.conf; }\n`,
  )
  return config
}

function lines(ports: readonly number[]): string {
  return ports.map((port) => `  server 127.0.0.1:${port} max_fails=2 fail_timeout=2s;\n`).join('')
}
