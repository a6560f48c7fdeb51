import type { HistoryOk } from '@tam/protocol'
import type { ReadEvent, SendEvent } from '../checker/event.ts'
import { type Recorder, shaOfText } from '../recorder.ts'
import type { Outgoing } from './outbox.ts'

interface Self {
  readonly session: string
  readonly user: string
}

type Position = Pick<ReadEvent, 'conv' | 'user' | 'seq' | 'asked'>

/** Writes down what one session asked for and was told. */
export class Witness {
  /** The person's own read positions where they are a member, as this device was told. */
  readonly reads = new Map<string, number>()
  readonly #self: Self
  readonly #recorder: Recorder

  constructor(self: Self, recorder: Recorder) {
    this.#self = self
    this.#recorder = recorder
    recorder.add({ type: 'session', ...self })
  }

  now(): number {
    return this.#recorder.now()
  }

  /** The attempt's number. */
  sent(
    { conv, cid, base, text }: Outgoing,
    { connection, prev }: Pick<SendEvent, 'connection' | 'prev'>,
  ): number {
    const op = this.#recorder.nextOp()
    const chain = prev === undefined ? {} : { prev }
    const { user } = this.#self
    const common = { connection, user, conv, cid, base, ...chain }
    this.#recorder.add({ type: 'send', at: this.now(), op, sha: shaOfText(text), ...common })
    return op
  }

  acked(op: number, seq: number): void {
    this.#recorder.add({ type: 'ok', at: this.now(), op, seq })
  }

  refused(op: number, code: string): void {
    this.#recorder.add({ type: 'fail', at: this.now(), op, code })
  }

  unknown(op: number, reason: string): void {
    this.#recorder.add({ type: 'info', at: this.now(), op, reason })
  }

  history(at: number, conv: string, { entries, head }: HistoryOk): void {
    const seen = entries.map((entry) => this.#recorder.seen(conv, entry))
    this.#recorder.add({ type: 'history', at, until: this.now(), ...this.#self, conv, entries: seen, head })
  }

  /** Other people's positions are not judged. */
  read({ conv, user, seq, asked }: Position): void {
    if (user === this.#self.user) {
      const since = asked === undefined ? {} : { asked }
      this.#recorder.add({ type: 'read', at: this.now(), ...this.#self, conv, seq, ...since })
      this.advance(conv, seq)
    }
  }

  /** A read position is at least there. */
  advance(conv: string, seq: number): void {
    this.reads.set(conv, Math.max(seq, this.reads.get(conv) ?? 0))
  }

  /** One is no member any more: nobody is told further positions. */
  forget(conv: string): void {
    this.reads.delete(conv)
  }

  ended(): void {
    this.#recorder.add({ type: 'stop', at: this.now(), session: this.#self.session })
  }
}
