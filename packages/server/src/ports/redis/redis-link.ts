import { fullJitter, type Cancel, type Clock, type Random } from '@tam/util'
import { createClient } from 'redis'
import type { Logger } from '../../observability/logger.ts'
import type { RedisAddress, RedisTarget } from './redis-url.ts'

/** Until a connection has to be open and greeted. */
export const CONNECT_MS = 3_000
/** From a PONG to the next PING. */
export const PING_EVERY_MS = 2_000
/** From a PING to its PONG; a connection that takes longer is destroyed. */
export const PONG_MS = 5_000
/** Commands of one connection that may wait for their answers. */
export const PENDING_MAX = 10_000
/** Characters of these commands. */
export const PENDING_CHARS_MAX = 16 * 1024 * 1024
const RECONNECT = { baseMs: 50, capMs: 2_000 }

/** The command was not sent, or its answer will never come: then it may have been done. */
export class RedisUnavailable extends Error {
  override name = 'RedisUnavailable'
}

export interface RedisLinkOptions {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly target: RedisTarget
  /** What the connection is for; its name in CLIENT LIST and in logs. */
  readonly purpose: string
}

export interface RedisLinkEvents {
  /** Called before anything else can use the new connection. */
  onReady(link: RedisLink): void
  /** A connection that was ready is gone, with every subscription it had. */
  onLost(link: RedisLink): void
  /** The node has given the slot of a sharded subscription away. */
  onChannelMoved(channel: string): void
}

export type ChannelListener = (message: string, channel: string) => void

/**
 * One connection, kept up for ever: it proves itself by PINGs of its own, since a dead peer may keep a TCP connection
 * open for minutes, and it is replaced whole when it fails. Nothing is queued while it is down.
 */
export class RedisLink {
  readonly address: RedisAddress
  readonly #options: RedisLinkOptions
  readonly #events: RedisLinkEvents
  readonly #name: string
  #client: Client | undefined
  #cancelTimer: Cancel = () => {}
  #abandon: () => void = () => {}
  #attempt = 0
  #pending = 0
  #pendingChars = 0
  #isClosed = false

  constructor(address: RedisAddress, options: RedisLinkOptions, events: RedisLinkEvents) {
    this.address = address
    this.#name = nameOf(address)
    this.#options = options
    this.#events = events
    this.#connect()
  }

  get isReady(): boolean {
    return this.#client !== undefined
  }

  /** @throws {RedisUnavailable} and {ErrorReply} what Redis refused */
  async send(args: readonly string[]): Promise<unknown> {
    const client = this.#ready()
    const chars = args.reduce((sum, { length }) => sum + length, 0)
    if (this.#pending >= PENDING_MAX || this.#pendingChars + chars > PENDING_CHARS_MAX) {
      throw new RedisUnavailable('too many commands wait for Redis')
    }
    this.#pending++
    this.#pendingChars += chars
    try {
      return await client.sendCommand(args)
    } finally {
      this.#pending--
      this.#pendingChars -= chars
    }
  }

  /** Sends `commands` in one piece, in order; resolves with the answer of the last. */
  async sendTogether(commands: readonly (readonly string[])[]): Promise<unknown> {
    const replies = await Promise.all(commands.map((command) => this.send(command)))
    return replies.at(-1)
  }

  /** Resolves when Redis has confirmed all `channels`; on a cluster all must be of one slot. */
  async subscribe(channels: readonly string[], listener: ChannelListener): Promise<void> {
    const client = this.#ready()
    await (this.#isSharded
      ? client.sSubscribe([...channels], listener)
      : client.subscribe([...channels], listener))
  }

  async unsubscribe(channels: readonly string[], listener: ChannelListener): Promise<void> {
    const client = this.#ready()
    await (this.#isSharded
      ? client.sUnsubscribe([...channels], listener)
      : client.unsubscribe([...channels], listener))
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
    this.#abandon()
  }

  get #isSharded(): boolean {
    return this.#options.target.kind === 'cluster'
  }

  #ready(): Client {
    if (this.#client === undefined) {
      throw new RedisUnavailable(`not connected to Redis at ${this.#name}`)
    }
    return this.#client
  }

  #connect(): void {
    const client = createLinkClient(this.address, this.#options)
    const { clock } = this.#options
    let isOver = false
    const end = (cause: unknown) => {
      if (!isOver) {
        isOver = true
        this.#cancelTimer()
        client.destroy()
        this.#ended(client, cause)
      }
    }
    this.#abandon = () => end(new RedisUnavailable('closed'))
    client.on('error', end)
    client.on('sharded-channel-moved', (channel: string) => this.#events.onChannelMoved(channel))
    this.#cancelTimer = clock.after(CONNECT_MS, () =>
      end(new RedisUnavailable(`no greeting for ${CONNECT_MS} ms`)),
    )
    const greeted = () => {
      if (!isOver) {
        this.#cancelTimer()
        this.#opened(client, end)
      }
    }
    client.connect().then(greeted, end)
  }

  #opened(client: Client, end: (cause: unknown) => void): void {
    this.#client = client
    this.#options.logger.info({ redis: this.#name, purpose: this.#options.purpose }, 'connected to Redis')
    this.#ping(client, end)
    this.#events.onReady(this)
  }

  #ended(client: Client, cause: unknown): void {
    const wasReady = this.#client === client
    this.#client = undefined
    if (this.#isClosed) {
      return
    }
    if (wasReady || this.#attempt === 0) {
      const { logger, purpose } = this.#options
      logger.warn({ err: cause, redis: this.#name, purpose }, 'Redis cannot be reached; trying again')
    }
    const { clock, random } = this.#options
    this.#cancelTimer = clock.after(fullJitter(this.#attempt++, RECONNECT, random), () => this.#connect())
    if (wasReady) {
      this.#events.onLost(this)
    }
  }

  #ping(client: Client, end: (cause: unknown) => void): void {
    const { clock } = this.#options
    const late = () => end(new RedisUnavailable(`no PONG for ${PONG_MS} ms`))
    // After a pause of this process the answer may be here already, unread: one more turn lets it in.
    this.#cancelTimer = clock.after(PONG_MS, () => {
      this.#cancelTimer = clock.after(0, late)
    })
    const answered = () => {
      if (this.#client === client) {
        this.#cancelTimer()
        this.#attempt = 0
        this.#cancelTimer = clock.after(PING_EVERY_MS, () => this.#ping(client, end))
      }
    }
    // Every failure ends the connection by its own event.
    client.sendCommand(['PING']).then(answered, () => {})
  }
}

type Client = ReturnType<typeof createLinkClient>

/** A bare connection of the driver: no queue, no reconnecting and no deadlines of its own. */
export function createLinkClient({ host, port }: RedisAddress, { target, purpose }: RedisLinkOptions) {
  const { tls, username, password, database } = target
  const socket = { host, port, connectTimeout: CONNECT_MS, reconnectStrategy: false } as const
  return createClient({
    socket: tls ? { ...socket, tls: true } : socket,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    database,
    name: `tam-${purpose}`,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    commandOptions: { timeout: 0 },
  })
}

export function nameOf({ host, port }: RedisAddress): string {
  return `${host}:${port}`
}
