import type { FocusFrame } from '@tam/protocol'
import type { Environment } from '../connection/environment.ts'

/** Tells the server which conversation is on screen and whether anybody is there. Best effort. */
export class Focus {
  readonly #environment: Environment
  readonly #send: (frame: FocusFrame) => void
  #open: readonly string[] = []
  #told = ''

  constructor(options: { environment: Environment; send: (frame: FocusFrame) => void }) {
    this.#environment = options.environment
    this.#send = options.send
  }

  opened(conv: string): void {
    this.#open = [...this.#open, conv]
    this.report()
  }

  closed(conv: string): void {
    const at = this.#open.lastIndexOf(conv)
    this.#open = this.#open.filter((_, index) => index !== at)
    this.report()
  }

  connected(): void {
    this.#told = ''
    this.report()
  }

  report(): void {
    const frame: FocusFrame = {
      t: 'focus',
      conv: this.#open.at(-1) ?? null,
      active: this.#environment.visible(),
    }
    const told = `${frame.conv} ${frame.active}`
    if (told !== this.#told) {
      this.#told = told
      this.#send(frame)
    }
  }
}
