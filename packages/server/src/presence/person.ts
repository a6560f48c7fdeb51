import type { Clock } from '@tam/util'
import type { PresenceFacts } from '../accounts/profiles.ts'
import type { Here } from './here.ts'
import { AWAY_AFTER_MS, LEASE_TTL_MS } from './limits.ts'
import { isPresent, merge, type Whereabouts } from './merge.ts'

/** A change is heard of within this, milliseconds: leases that end tell it last. */
const NEWS_MS = 2 * LEASE_TTL_MS

/** What is stored of a person, as far as presence asks. */
export interface Facts extends Pick<PresenceFacts, 'settings'> {
  /** Last seen, else when the account was made; milliseconds since the Unix epoch, null for nobody. */
  readonly seen: number | null
}

/** What one chat server says of the person, and when it said so last. */
export interface Place {
  readonly node: string
  readonly here: Here
  readonly said: { readonly asOf: number }
}

/** One person, at the presence server that has their shard. */
export class Person {
  readonly id: string
  /** One for each chat server that says anything: hardly ever more than one, hence no Map. */
  places: readonly Place[] = []
  facts: Facts | undefined
  /** When the facts were read, monotonic milliseconds. */
  factsAt = -Infinity
  /** What watchers are told; undefined when no lease ever spoke of the person. */
  shown: Whereabouts | undefined
  /** When being away shows, monotonic milliseconds. */
  awayAt = Infinity
  /** When the person was last written down as seen, monotonic milliseconds. */
  notedAt = -Infinity
  /** Chat servers that want to hear of changes, and until when; null for the many nobody looks at. */
  #interests: Map<string, number> | null = null
  #lastSeen = 0

  constructor(id: string) {
    this.id = id
  }

  get isForgettable(): boolean {
    return this.places.length === 0 && this.#interests === null
  }

  /** Chat servers that want to hear of changes. */
  get interested(): Iterable<string> {
    return this.#interests?.keys() ?? []
  }

  /** The chat server wants to hear of changes until then, monotonic milliseconds. */
  interest(node: string, until: number): void {
    this.#interests ??= new Map()
    this.#interests.set(node, until)
  }

  forgetInterests(now: number): void {
    for (const [node, until] of this.#interests ?? []) {
      if (until <= now) {
        this.#interests?.delete(node)
      }
    }
    if (this.#interests?.size === 0) {
      this.#interests = null
    }
  }

  put(place: Place): void {
    this.places = [...this.places.filter(({ node }) => node !== place.node), place]
  }

  /** The chat server says nothing of the person any more. */
  drop(node: string): void {
    const place = this.places.find((candidate) => candidate.node === node)
    if (place !== undefined) {
      this.#lastSeen = Math.max(this.#lastSeen, seenAt(place))
      this.places = this.places.filter((other) => other !== place)
    }
  }

  /** The newest word of any chat server. */
  get asOf(): number {
    return Math.max(0, ...this.places.map(({ said }) => said.asOf))
  }

  /**
   * Makes `shown` what is true now. Turning away from the keyboard shows after a while only, so that switching windows
   * is not told to everybody.
   * @returns whether anything changed
   */
  settle(clock: Pick<Clock, 'now' | 'monotonic'>): boolean {
    const now = clock.monotonic()
    const before = this.shown
    const next = this.#whereabouts()
    const isTurning = before?.status === 'online' && next?.status === 'away'
    if (isTurning && this.awayAt === Infinity) {
      this.awayAt = now + AWAY_AFTER_MS
    }
    if (isTurning && now < this.awayAt) {
      return false
    }
    this.awayAt = Infinity
    this.shown = next && { ...next, since: sinceOf(before, next, clock.now()) }
    return !isSame(before, this.shown)
  }

  #whereabouts(): Whereabouts | undefined {
    const merged = merge(
      this.places.map(({ here }) => here),
      this.facts?.settings.dnd === true,
    )
    if (merged === undefined && this.shown !== undefined) {
      const since = isPresent(this.shown) ? this.#lastSeen : this.shown.since
      return { status: 'offline', since, convs: [] }
    }
    return merged
  }
}

/*
 * What becomes true while somebody looks began just now, whatever the oldest device says; without a before, the devices
 * know best.
 */
function sinceOf(before: Whereabouts | undefined, next: Whereabouts, now: number): number {
  if (before?.status === next.status) {
    return before.since
  }
  const areBothPresent = before !== undefined && isPresent(before) && isPresent(next)
  if (areBothPresent && (before.status === 'dnd' || next.status === 'dnd')) {
    // A setting changed it, no device.
    return now
  }
  return before === undefined || now - next.since < NEWS_MS ? next.since : now
}

// Somebody who left was last seen then; somebody whose chat server fell silent, when it last spoke.
function seenAt({ here, said }: Place): number {
  return here.devices.length === 0 ? here.since : said.asOf
}

function isSame(a: Whereabouts | undefined, b: Whereabouts | undefined): boolean {
  return a?.status === b?.status && a?.since === b?.since && a?.convs.join() === b?.convs.join()
}
