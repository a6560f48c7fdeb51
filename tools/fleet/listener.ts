import { type DownFrame, SUBPROTOCOL, type UpFrame } from '@tam/protocol'

/** Milliseconds for a frame that has to come. */
const PATIENCE_MS = 10_000

/** A device that signs in, asks once for what there is, and from then on only listens. */
export class Listener {
  readonly #socket: WebSocket
  readonly #waiting = new Set<(frame: DownFrame) => void>()

  private constructor(url: string) {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, SUBPROTOCOL)
    this.#socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as DownFrame
      this.#waiting.forEach((hear) => hear(frame))
    })
  }

  /** @param url of one server @throws when it is not live in time */
  static async connect(url: string, token: string): Promise<Listener> {
    const listener = new Listener(url)
    await new Promise((resolve) => listener.#socket.addEventListener('open', resolve, { once: true }))
    const hello = listener.hears(({ t }) => t === 'hello')
    listener.#say({ t: 'auth', token, device: 'listener' })
    await hello
    const synced = listener.hears((frame) => frame.t === 'ok')
    listener.#say({ t: 'sync', id: 1, cursors: {} })
    await synced
    return listener
  }

  /** The first such frame from now on. @throws when none comes */
  hears(isWanted: (frame: DownFrame) => boolean): Promise<DownFrame> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer)
        this.#waiting.delete(hear)
      }
      const hear = (frame: DownFrame) => {
        if (isWanted(frame)) {
          settle()
          resolve(frame)
        }
      }
      const timer = setTimeout(() => {
        settle()
        reject(new Error(`nothing of it was heard within ${PATIENCE_MS} ms`))
      }, PATIENCE_MS)
      this.#waiting.add(hear)
    })
  }

  close(): void {
    this.#socket.close()
  }

  #say(frame: UpFrame): void {
    this.#socket.send(JSON.stringify(frame))
  }
}
