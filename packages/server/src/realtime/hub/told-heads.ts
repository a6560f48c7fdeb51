import type { Cancel, Clock } from '@tam/util'
import { decodeDigest, type Digest } from '../../heads/digest.ts'
import { GONE_MS, SERVERS_MAX, SILENT_MS } from '../../heads/limits.ts'
import type { ListedServer } from '../../heads/server-list.ts'
import { type Bus, topics } from '../../ports/bus/bus.ts'

/** Between two looks whether a server has fallen silent, milliseconds. */
const LISTEN_MS = 500

export interface ToldHeadsDeps {
  readonly clock: Pick<Clock, 'monotonic' | 'every'>
  readonly bus: Pick<Bus, 'subscribe' | 'unsubscribe'>
  /** Name of this server. */
  readonly node: string
  /** Every server that may append, by name. */
  readonly servers: () => Promise<ReadonlyMap<string, ListedServer>>
  /** The log has entries up to `seq`. */
  readonly onHead: (log: string, seq: number) => void
  /** The log may have more entries than anybody knows. */
  readonly onDoubt: (log: string) => void
  /** Something was not heard, or somebody left without a word: only the logs themselves tell what is missing. */
  readonly onGap: () => void
}

/** A server that is heard, or was. */
interface Speaker {
  /** Of its last digest. */
  number: number
  heardAt: number
  isSilent: boolean
  /** It told everything. */
  hasEnded: boolean
}

/** A row of the list. */
interface Listed {
  readonly rev: string
  /** When it was seen to change last, monotonic milliseconds. */
  readonly changedAt: number
  /** The server commits no more, and what it committed last was perhaps not heard. */
  readonly isLost: boolean
}

/** Listens to how far logs are that any server appended to, and knows when it may have missed some. */
export class ToldHeads {
  readonly #deps: ToldHeadsDeps
  readonly #speakers = new Map<string, Speaker>()
  #rows = new Map<string, Listed>()
  #cancel: Cancel = () => {}

  constructor(deps: ToldHeadsDeps) {
    this.#deps = deps
  }

  async start(): Promise<void> {
    this.#cancel = this.#deps.clock.every(LISTEN_MS, () => this.#listen())
    await this.#deps.bus.subscribe(topics.heads, this.#onMessage)
  }

  stop(): void {
    this.#cancel()
    this.#deps.bus.unsubscribe(topics.heads, this.#onMessage)
  }

  /** Whether every server is heard that may append. @throws what `servers` throws */
  async hearsAll(): Promise<boolean> {
    this.#note(await this.#deps.servers())
    this.#forget()
    // A list without this server lacks others too.
    return (
      this.#rows.has(this.#deps.node) &&
      this.#rows.size < SERVERS_MAX &&
      [...this.#rows].every(([node, { isLost }]) => isLost || this.#hears(node))
    )
  }

  /** Who is lost can commit no more: one last look finds what it never told. */
  #note(servers: ReadonlyMap<string, ListedServer>): void {
    const known = this.#rows
    this.#rows = new Map([...servers].map(([node, server]) => [node, this.#judge(node, server)]))
    if ([...this.#rows].some(([node, row]) => row.isLost && row !== known.get(node))) {
      this.#deps.onGap()
    }
  }

  /** The row as it is known, or another one when it says something new. */
  #judge(node: string, { rev, hasLeft }: ListedServer): Listed {
    const now = this.#deps.clock.monotonic()
    const known = this.#rows.get(node)
    const changedAt = known?.rev === rev ? known.changedAt : now
    const isLost = (hasLeft || now - changedAt > GONE_MS) && !this.#hears(node)
    return known?.rev === rev && known.isLost === isLost ? known : { rev, changedAt, isLost }
  }

  #hears(node: string): boolean {
    const speaker = this.#speakers.get(node)
    const since = this.#deps.clock.monotonic() - SILENT_MS
    return speaker !== undefined && (speaker.hasEnded || speaker.heardAt >= since)
  }

  #forget(): void {
    for (const [node, { hasEnded }] of this.#speakers) {
      const row = this.#rows.get(node)
      if (row === undefined ? hasEnded || !this.#hears(node) : row.isLost) {
        this.#speakers.delete(node)
      }
    }
  }

  readonly #onMessage = (_: string, message: string): void => {
    const digest = decodeDigest(message)
    if (digest === undefined) {
      return
    }
    for (const { log, seq } of digest.heads) {
      if (seq > 0) {
        this.#deps.onHead(log, seq)
      } else {
        this.#deps.onDoubt(log)
      }
    }
    this.#count(digest)
  }

  #count({ node, number, isLast }: Digest): void {
    const last = this.#speakers.get(node)?.number ?? 0
    if (number > last + 1) {
      this.#deps.onGap()
    }
    if (number > last) {
      const heardAt = this.#deps.clock.monotonic()
      this.#speakers.set(node, { number, heardAt, isSilent: false, hasEnded: isLast })
    }
  }

  #listen(): void {
    const silent = [...this.#speakers].filter(([node, { isSilent }]) => !isSilent && !this.#hears(node))
    for (const [, speaker] of silent) {
      speaker.isSilent = true
    }
    if (silent.length > 0) {
      this.#deps.onGap()
    }
  }
}
