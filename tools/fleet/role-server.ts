import type { TcpProxy } from '../drill/nemesis/tcp-proxy.ts'
import { ChildProcess } from './child-process.ts'

/** Milliseconds for a server to be ready; a busy machine starts a whole fleet at once. */
const READY_MS = 60_000
const READY_POLL_MS = 50

export const roles = ['api', 'chat', 'presence', 'notify'] as const
export type Role = (typeof roles)[number]

/** Proxies in front of a server and behind it, where the fleet has them. */
export interface Links {
  /** From HAProxy. */
  readonly front?: TcpProxy
  /** To Redis. */
  readonly redis?: TcpProxy
  /** To the process that owns the store. */
  readonly store?: TcpProxy
}

export interface RoleServerOptions {
  readonly role: Role
  /** `chat-1`. */
  readonly name: string
  /** Where it listens on 127.0.0.1. */
  readonly port: number
  readonly program: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly links: Links
}

/** One server of a fleet, in a process of its own; it keeps its name and port over restarts. */
export class RoleServer implements AsyncDisposable {
  readonly role: Role
  readonly name: string
  readonly port: number
  readonly links: Links
  readonly process: ChildProcess

  constructor({ role, name, port, program, env, links }: RoleServerOptions) {
    this.role = role
    this.name = name
    this.port = port
    this.links = links
    this.process = new ChildProcess({
      command: [process.execPath, ...program],
      env: { ...env, TAM_ROLES: role, TAM_PORT: String(port) },
    })
  }

  /** Where HAProxy reaches it. */
  get frontPort(): number {
    return this.links.front?.port ?? this.port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Resolves once `/readyz` answers 200. @throws with the end of its log when it ends or takes too long */
  async start(): Promise<void> {
    this.process.start()
    const deadline = performance.now() + READY_MS
    while (!(await this.isReady())) {
      if (!this.process.isRunning || performance.now() > deadline) {
        const how = this.process.isRunning ? `was not ready after ${READY_MS / 1_000} s` : 'ended'
        await this.process.kill()
        throw new Error(`${this.name} ${how} at its start:\n${this.process.log.trim()}`)
      }
      await Bun.sleep(READY_POLL_MS)
    }
  }

  async isReady(): Promise<boolean> {
    try {
      const reply = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(1_000) })
      await reply.text()
      return reply.status === 200
    } catch {
      return false
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop()
    await Promise.all(Object.values(this.links).map((link) => link?.[Symbol.asyncDispose]()))
  }
}
