import type { OnlineCount, Presence as PresenceStatus } from '@tam/protocol'
import type { Cancel, Clock } from '@tam/util'
import { type Bus, topics } from '../ports/bus/bus.ts'
import type { Cache } from '../ports/cache/cache.ts'
import { type Belief, looksDifferent, type Viewer } from './belief.ts'
import type { Here } from './here.ts'
import {
  ANSWER_WAIT_MS,
  ASK_RENEW_MS,
  FRAME_LOOK_MS,
  FRAME_MS,
  RECHECKS_PER_SECOND,
  UNKNOWN_AFTER_MS,
} from './limits.ts'
import { decodeAnswers } from './messages.ts'
import { Questions } from './questions.ts'
import { RosterWriter } from './roster-writer.ts'
import { Screens } from './screens.ts'
import type { Screen, Watch, Watched } from './watch.ts'

const SECOND_MS = 1_000

export interface PresenceDeps<W> {
  readonly clock: Clock
  readonly cache: Pick<Cache, 'hold'>
  readonly bus: Pick<Bus, 'publish' | 'subscribe' | 'unsubscribe'>
  /** Name of this chat server, new at every start. */
  readonly node: string
  /** Those of the people whom the watcher may know of: they share a conversation. */
  readonly visibleTo: (watcher: W, people: readonly string[]) => Promise<ReadonlySet<string>>
  /** @returns false when the client cannot take it now: it is tried again, with what is true by then */
  readonly deliver: (watcher: W, users: readonly PresenceStatus[], counts: readonly OnlineCount[]) => boolean
  /** Sends an encoded frame about somebody on the watcher's screen. */
  readonly tell: (watcher: W, frame: string) => void
}

/**
 * A chat server's part of presence: it says who is here, and asks the presence servers about the people on somebody's
 * screen. Best effort: nothing is replayed, every belief is renewed by asking again, and what nobody confirms becomes
 * `unknown`. A client hears at most once a second.
 */
export class Presence<W extends object> {
  readonly #deps: PresenceDeps<W>
  readonly #leases: RosterWriter
  readonly #questions: Questions
  readonly #screens = new Screens<W>()
  /** People of whom a first answer is awaited. */
  readonly #waiting = new Set<Watched<W>>()
  /** Watches with something to tell. */
  readonly #pending = new Set<Watch<W>>()
  readonly #cancels: Cancel[] = []

  constructor(deps: PresenceDeps<W>) {
    this.#deps = deps
    this.#leases = new RosterWriter(deps)
    this.#questions = new Questions(deps)
  }

  async start(): Promise<void> {
    const { clock, bus, node } = this.#deps
    this.#leases.start()
    this.#cancels.push(
      clock.every(FRAME_LOOK_MS, () => this.#look()),
      clock.every(SECOND_MS, () => this.#review()),
    )
    await Promise.all([
      bus.subscribe(topics.presenceNode(node), this.#onAnswers),
      bus.subscribe(topics.people, this.#onProfile),
    ])
  }

  stop(): void {
    const { bus, node } = this.#deps
    this.#leases.stop()
    this.#cancels.splice(0).forEach((cancel) => cancel())
    bus.unsubscribe(topics.presenceNode(node), this.#onAnswers)
    bus.unsubscribe(topics.people, this.#onProfile)
  }

  /** The person's devices at this server. */
  here(user: string, here: Here): void {
    this.#leases.set(user, here)
  }

  /** The person has no device here any more, since then (milliseconds since the Unix epoch). */
  gone(user: string, since: number): void {
    this.#leases.gone(user, since)
  }

  /** `watcher` has this on screen, instead of what was before; it is told about all of it. */
  watch(watcher: W, viewer: Viewer, screen: Screen): void {
    const now = this.#deps.clock.monotonic()
    const watch = this.#screens.open(watcher, viewer, now)
    watch.checkedAt = now
    watch.lookups++
    watch.isHeld = false
    watch.lost.clear()
    watch.counts.clear()
    watch.counted.clear()
    this.#show(watch, screen)
    for (const id of screen.visible) {
      this.#change(watch, this.#screens.find(id))
    }
    this.#look()
  }

  /** The viewer has left a conversation: what is on the screen because of it is told no more. */
  left(watcher: W): void {
    const watch = this.#screens.watchOf(watcher)
    if (watch !== undefined) {
      watch.isHeld = true
      void this.#recheck(watch)
    }
  }

  /** `watcher` is gone. */
  forget(watcher: W): void {
    const watch = this.#screens.watchOf(watcher)
    if (watch !== undefined) {
      this.#screens.close(watch)
      this.#pending.delete(watch)
    }
  }

  /** Conversations that somebody wants counted. */
  get countedConvs(): Set<string> {
    return new Set([...this.#screens.watches()].flatMap(({ screen }) => screen.convs))
  }

  /** So many are online now. */
  counted(counts: readonly OnlineCount[]): void {
    for (const watch of this.#screens.watches()) {
      for (const count of counts) {
        if (watch.screen.convs.includes(count.id) && watch.counted.get(count.id) !== count.online) {
          watch.counts.set(count.id, count)
          this.#pending.add(watch)
        }
      }
    }
    this.#look()
  }

  readonly #onAnswers = (_topic: string, message: string): void => {
    const now = this.#deps.clock.monotonic()
    for (const answer of decodeAnswers(message)) {
      const watched = this.#screens.find(answer.id)
      if (watched !== undefined) {
        watched.confirmedAt = now
        this.#believe(watched, { kind: 'known', answer })
      }
    }
    this.#look()
  }

  /** People who share a conversation hear of it there. */
  readonly #onProfile = (_topic: string, frame: string): void => {
    const { users }: { users: readonly { readonly id: string }[] } = JSON.parse(frame)
    for (const { id } of users) {
      for (const { watcher } of this.#screens.strangersOf(id)) {
        this.#deps.tell(watcher, frame)
      }
    }
  }

  #show(watch: Watch<W>, screen: Screen): void {
    for (const watched of this.#screens.show(watch, screen, this.#deps.clock.monotonic())) {
      this.#waiting.add(watched)
      this.#ask(watched)
    }
  }

  #ask(watched: Watched<W>): void {
    watched.askedAt = this.#deps.clock.monotonic()
    this.#questions.ask(watched.id)
  }

  #believe(watched: Watched<W>, belief: Belief): void {
    const before = watched.belief
    watched.belief = belief
    this.#waiting.delete(watched)
    for (const watch of watched.watches) {
      if (looksDifferent(watched.id, before, belief, watch.viewer)) {
        this.#change(watch, watched)
      }
    }
  }

  #change(watch: Watch<W>, watched: Watched<W> | undefined): void {
    if (watched !== undefined) {
      watch.changed.add(watched)
      this.#pending.add(watch)
    }
  }

  /** Tells what is due. */
  #look(): void {
    const monotonic = this.#deps.clock.monotonic()
    for (const watched of this.#waiting) {
      if (monotonic - watched.confirmedAt >= ANSWER_WAIT_MS) {
        this.#doubt(watched)
      }
    }
    for (const watch of this.#pending) {
      if (!watch.isPending) {
        this.#pending.delete(watch)
      } else if (monotonic - watch.sentAt >= FRAME_MS && !watch.isHeld && this.#tell(watch)) {
        watch.told(monotonic)
        this.#pending.delete(watch)
      }
    }
  }

  /** @returns false when it has to be tried again */
  #tell(watch: Watch<W>): boolean {
    const users = watch.users(this.#deps.clock.now())
    return users !== undefined && this.#deps.deliver(watch.watcher, users, [...watch.counts.values()])
  }

  #doubt(watched: Watched<W>): void {
    if (watched.belief.kind !== 'unknown') {
      this.#believe(watched, { kind: 'unknown', since: this.#deps.clock.now() })
    }
  }

  /** Asks again, doubts what was not confirmed, and looks up again who may see whom. */
  #review(): void {
    const monotonic = this.#deps.clock.monotonic()
    for (const watched of this.#screens.watched()) {
      if (monotonic - watched.confirmedAt >= UNKNOWN_AFTER_MS) {
        this.#doubt(watched)
      }
      if (monotonic - watched.askedAt >= ASK_RENEW_MS) {
        this.#ask(watched)
      }
    }
    let checks = 0
    for (const watch of this.#screens.watches()) {
      if (monotonic - watch.checkedAt >= watch.recheckMs && checks++ < RECHECKS_PER_SECOND) {
        watch.checkedAt = monotonic
        void this.#recheck(watch)
      }
    }
  }

  /** What could not be looked up stays as it was, or hidden when it has to change, and is looked up again. */
  async #recheck(watch: Watch<W>): Promise<void> {
    const { screen } = watch
    const lookup = ++watch.lookups
    const visible = await this.#deps
      .visibleTo(watch.watcher, screen.people)
      .catch(() => (watch.isHeld ? new Set<string>() : screen.visible))
    if (watch.lookups !== lookup || this.#screens.watchOf(watch.watcher) !== watch) {
      return
    }
    watch.isHeld = false
    watch.leave(screen.convs.filter((conv) => !watch.viewer.isIn(conv)))
    const convs = screen.convs.filter(watch.viewer.isIn)
    const hidden = screen.visible.difference(visible)
    const shown = visible.difference(screen.visible)
    this.#show(watch, { ...screen, visible, convs })
    shown.forEach((id) => this.#change(watch, this.#screens.find(id)))
    hidden.forEach((id) => watch.lost.add(id))
    this.#pending.add(watch)
  }
}
