import type { Conversation, ConversationsFrame, EntryFrame, HelloFrame, ResyncFrame } from '@tam/protocol'
import type { ConversationEntry, Me, OkFrame, SyncOk, UserEntry } from '@tam/protocol'
import { SYNC_CURSORS_MAX } from '@tam/protocol/limits'
import type { Clock } from '@tam/util'
import type { ClientEvents } from '../api.ts'
import type { Command, OnAnswer } from '../request/requests.ts'
import { messageItem } from '../store/items.ts'
import { syncAnswer, wholeAnswer } from './answers.ts'
import { GapRepair } from './gap-repair.ts'
import type { ReadHistory } from './history.ts'
import type { Logs } from './logs.ts'
import { OwnLog } from './own-log.ts'
import type { Recount } from './recount.ts'
import type { ConversationState } from './state.ts'

/** A sync frame stays under the frame limit of 64 KiB with the longest ids and seqs. */
const CURSORS_MAX = Math.min(SYNC_CURSORS_MAX, 1_500)
/** After an absence shorter than this, everything missed is asked for; after a longer one, only what was open. */
const RESUME_ALL_MS = 5 * 60_000
/** Milliseconds that entries pushed after sync may take. */
const CATCH_UP_MS = 10_000
/** Milliseconds that entries up to a head heard of elsewhere may take to arrive by themselves. */
const LATE_MS = 2_000
/** Milliseconds until a refresh that was refused is asked for again. */
const REFRESH_RETRY_MS = 5_000

export interface SyncDependencies {
  readonly logs: Logs
  readonly clock: Clock
  readonly request: (command: Command, onAnswer: OnAnswer) => Promise<OkFrame>
  readonly history: ReadHistory
  readonly recount: Recount
  /** Asks for one conversation as the server sees it. */
  readonly fetchConversation: (conv: string) => Promise<Conversation>
  /** True for conversations whose entries are worth catching up on after a long absence. */
  readonly wanted: (conv: string) => boolean
  readonly emit: <K extends keyof ClientEvents>(event: K, detail: ClientEvents[K]) => void
  readonly onMe: (me: Me) => void
  /** The server heard of a lower read position than ours. */
  readonly onReadBehind: (conv: string) => void
  /** Cursors of the old epoch mean nothing any more. */
  readonly onEpoch: () => void
  /** The user's own log cannot be paged: a new connection syncs it. */
  readonly reconnect: (reason: string) => void
}

/** Keeps the logs equal to the server's: catch-up after hello, live entries, gaps, resyncs. */
export class Sync {
  readonly #deps: SyncDependencies
  readonly #repair: GapRepair
  readonly #ownLog: OwnLog
  /** From where on an entry of a conversation counts as live; absent before the sync of this connection. */
  readonly #liveFrom = new Map<string, number>()
  #lostAt: number | undefined
  #synced = false
  /** An answer to `sync` is awaited. */
  #asking = false
  /** A refresh was wanted while an answer was awaited that may be from before. */
  #isStale = false
  /** What the answer to `sync` has listed so far. */
  #listed: readonly Conversation[] = []
  /** Tells one connection from the next. */
  #life = 0

  constructor(dependencies: SyncDependencies) {
    this.#deps = dependencies
    const { logs, history, clock, emit, fetchConversation, onMe, reconnect } = dependencies
    this.#ownLog = new OwnLog({
      logs,
      fetchConversation,
      onMe,
      onSecurity: ({ event, device, at }) => emit('security', { event, device, at }),
      onConversation: (told) => this.tell(told),
      onGap: () => reconnect('own_log_gap'),
    })
    this.#repair = new GapRepair({
      logs,
      history,
      clock,
      onRepaired: (repair) => emit('repaired', repair),
      onHole: (log, head) => this.#restart(log, head, 'hole'),
    })
  }

  /** Asks for everything missed. Resolves when the server has said what there is; entries follow. */
  async start(hello: HelloFrame): Promise<void> {
    this.#deps.onMe(hello.user)
    this.#enterEpoch(hello.epoch)
    const cursors = this.#cursors(this.#isWorth())
    await this.#ask(cursors, (answer) => {
      this.#synced = true
      this.#adopt(answer, cursors)
      this.#deps.logs.listed()
    })
  }

  /**
   * Read positions and names may have been missed, which no log tells again: asks for the list once more. Where one is
   * in or not, the own log tells.
   */
  refresh(): void {
    if (this.#asking || !this.#synced) {
      this.#isStale = true
      return
    }
    const life = this.#life
    // One is live in all of them.
    const cursors = this.#cursors(() => true)
    this.#ask(cursors, (answer) => {
      for (const told of answer.conversations) {
        this.#refreshOne(told, Object.hasOwn(cursors, told.id))
      }
    }).catch(() => {
      this.#deps.clock.after(REFRESH_RETRY_MS, () => life === this.#life && this.refresh())
    })
  }

  /** The connection is gone. */
  stop(): void {
    if (this.#synced) {
      this.#lostAt = this.#deps.clock.now()
    }
    this.#synced = false
    this.#asking = false
    this.#isStale = false
    this.#listed = []
    this.#life++
    this.#ownLog.reset()
    this.#liveFrom.clear()
    this.#repair.reset()
  }

  /** Another account, or none: nothing is known of an absence. */
  forget(): void {
    this.stop()
    this.#lostAt = undefined
  }

  /** A conversation that one is in now, from an answer to a call. */
  tell(told: Conversation): void {
    if (this.#deps.logs.get(told.id) === undefined) {
      this.#liveFrom.set(told.id, told.head + 1)
    }
    this.#deps.logs.tell(told)
    this.#expectUpTo(told, LATE_MS)
  }

  /** Reports others' messages among entries that were applied, when they are news. */
  announce(conv: string, entries: readonly ConversationEntry[]): void {
    const { logs, emit } = this.#deps
    const from = this.#liveFrom.get(conv) ?? Infinity
    for (const entry of entries) {
      if (entry.type === 'message' && entry.from !== logs.me && entry.seq >= from) {
        emit('message', { conversation: conv, item: messageItem(entry) })
      }
    }
  }

  /** Conversations that did not fit into the frame that answers. */
  receivePart({ conversations }: ConversationsFrame): void {
    this.#listed = [...this.#listed, ...conversations]
  }

  receive(frame: EntryFrame | ResyncFrame): void {
    const { me } = this.#deps.logs
    if (frame.conv === me) {
      if (frame.t === 'entry') {
        this.#ownLog.receive(frame.entries as UserEntry[])
      } else {
        this.#deps.logs.userCursor = frame.head
        this.#deps.emit('resync', { log: me, reason: frame.reason })
      }
      return
    }
    if (frame.t === 'entry') {
      this.#receiveEntries(frame.conv, frame.entries as ConversationEntry[])
    } else if (this.#mustRestart(frame)) {
      this.#restart(frame.conv, frame.head, frame.reason)
    }
  }

  /** Entries follow right behind the answer: it has to be taken in before them. */
  async #ask(cursors: Readonly<Record<string, number>>, onAnswer: (answer: SyncOk) => void): Promise<void> {
    const { logs, request } = this.#deps
    const life = this.#life
    this.#asking = true
    this.#isStale = false
    this.#listed = []
    const epoch = logs.epoch === undefined ? {} : { epoch: logs.epoch }
    try {
      await request({ t: 'sync', ...epoch, cursors }, (frame) =>
        onAnswer(wholeAnswer(this.#listed, syncAnswer(frame))),
      )
    } finally {
      this.#answered(life)
    }
  }

  #answered(life: number): void {
    if (life === this.#life) {
      this.#asking = false
      if (this.#isStale) {
        this.refresh()
      }
    }
  }

  #enterEpoch(epoch: string): void {
    const { logs, onEpoch } = this.#deps
    if (logs.epoch !== undefined && logs.epoch !== epoch) {
      logs.userCursor = undefined
      for (const { summary } of logs.all()) {
        logs.restart(summary.id, 0)
        this.#deps.emit('resync', { log: summary.id, reason: 'epoch_changed' })
      }
      onEpoch()
    }
    logs.epoch = epoch
  }

  /** Tells of what is held whether to go on from it after this absence. */
  #isWorth(): (held: ConversationState) => boolean {
    const { clock, wanted } = this.#deps
    const brief = this.#lostAt !== undefined && clock.now() - this.#lostAt < RESUME_ALL_MS
    return ({ summary, tail }) => tail.length > 0 && (brief || wanted(summary.id))
  }

  #cursors(isWorth: (held: ConversationState) => boolean): Record<string, number> {
    const { logs, wanted } = this.#deps
    const held = [...logs.all()]
      .filter(isWorth)
      .sort((a, b) => Number(wanted(b.summary.id)) - Number(wanted(a.summary.id)))
      .slice(0, CURSORS_MAX - 1)
    const cursors = Object.fromEntries(held.map(({ summary, cursor }) => [summary.id, cursor]))
    return logs.userCursor === undefined ? cursors : { ...cursors, [logs.me]: logs.userCursor }
  }

  #adopt(answer: SyncOk, cursors: Readonly<Record<string, number>>): void {
    const { logs } = this.#deps
    const listed = new Set(answer.conversations.map((told) => told.id))
    // A user log that is ahead of this list has joined conversations that the list does not know yet.
    if ((logs.userCursor ?? 0) <= answer.user.head) {
      for (const { summary } of logs.all()) {
        if (!listed.has(summary.id)) {
          logs.remove(summary.id)
        }
      }
    }
    for (const told of answer.conversations) {
      // The list may have been read before one left, and told after.
      if (!this.#ownLog.leftSince(told.id, answer.user.head)) {
        this.#adoptOne(told, Object.hasOwn(cursors, told.id))
      }
    }
    this.#ownLog.listed(answer.user.head)
  }

  #adoptOne(told: Conversation, resumed: boolean): void {
    const { logs, recount, onReadBehind } = this.#deps
    const cursor = logs.get(told.id)?.cursor ?? told.head
    if (resumed || cursor >= told.head) {
      logs.tell(told)
    } else {
      logs.skip(told)
    }
    // A single missed entry is news like a live one; a longer catch-up is not.
    const missed = resumed ? told.head - cursor : 0
    this.#liveFrom.set(told.id, missed === 1 ? told.head : told.head + 1)
    const state = logs.get(told.id)
    if (state !== undefined && state.summary.read > told.read) {
      onReadBehind(told.id)
    }
    this.#expectUpTo(told, resumed ? CATCH_UP_MS : 0)
    recount.check(told.id)
  }

  #refreshOne(told: Conversation, resumed: boolean): void {
    const { logs, recount, onReadBehind } = this.#deps
    const before = logs.get(told.id)
    if (before === undefined) {
      return
    }
    logs.tell(told)
    if (before.summary.read > told.read) {
      onReadBehind(told.id)
    }
    this.#expectUpTo(told, resumed ? CATCH_UP_MS : 0)
    recount.check(told.id)
  }

  /** Entries up to the head that was told arrive within `withinMs` by themselves, or they are fetched. */
  #expectUpTo(told: Conversation, withinMs: number): void {
    this.#repair.saw(told.id, told.head)
    if (withinMs === 0) {
      this.#repair.check(told.id)
    } else if ((this.#deps.logs.get(told.id)?.cursor ?? told.head) < told.head) {
      const life = this.#life
      this.#deps.clock.after(withinMs, () => life === this.#life && this.#repair.check(told.id))
    }
  }

  #receiveEntries(conv: string, entries: readonly ConversationEntry[]): void {
    const { logs } = this.#deps
    const applied = logs.append(conv, entries)
    if (applied === 'gap' || applied === 'unknown') {
      this.#repair.saw(conv, entries.at(-1)?.seq ?? 0)
    }
    // Before the answer to sync a gap is no surprise: what is missing is about to be asked for.
    if (applied === 'gap' && this.#synced) {
      this.#repair.check(conv)
    }
  }

  #mustRestart(frame: ResyncFrame): boolean {
    const cursor = this.#deps.logs.get(frame.conv)?.cursor
    const sameLog = frame.reason === 'gap_too_large' || frame.reason === 'hole'
    return cursor !== undefined && !(sameLog && cursor >= frame.head)
  }

  #restart(log: string, head: number, reason: string): void {
    const { logs, history, emit } = this.#deps
    const stale = logs.get(log)?.summary.head !== head
    if (reason === 'bad_position' || reason === 'epoch_changed') {
      this.#repair.forget(log)
    }
    logs.restart(log, head)
    emit('resync', { log, reason })
    this.#repair.check(log)
    if (stale) {
      history(log, { before: head + 1 }).then(
        (page) => logs.prepend(log, page.entries),
        () => undefined,
      )
    }
  }
}
