import { createConnection } from 'node:net'

/** One server as HAProxy sees it. */
export interface ServerState {
  readonly backend: string
  readonly name: string
  readonly isUp: boolean
  /** Requests and WebSockets of this moment. */
  readonly current: number
  /** Requests and WebSockets since the start. */
  readonly total: number
}

/** HAProxy's runtime API on its Unix socket. */
export class RuntimeApi {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async servers(): Promise<ServerState[]> {
    const [head = '', ...lines] = (await this.command('show stat -1 4 -1')).trim().split('\n')
    const names = head.replace('# ', '').split(',')
    return lines.map((line) => {
      const values = line.split(',')
      const value = (name: string) => values[names.indexOf(name)] ?? ''
      return {
        backend: value('pxname'),
        name: value('svname'),
        isUp: value('status').startsWith('UP'),
        current: Number(value('scur')),
        total: Number(value('stot')),
      }
    })
  }

  /** The answer to one line. @throws when HAProxy refuses or is not there */
  command(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = ''
      const socket = createConnection(this.#path, () => socket.write(`${line}\n`))
      socket.setEncoding('utf8')
      socket.on('data', (text: string) => (answer += text))
      socket.on('error', reject)
      socket.on('end', () => {
        socket.end()
        resolve(answer)
      })
    })
  }
}
