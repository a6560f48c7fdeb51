import type { Clock } from '@tam/util'
import type { Conversations } from '../conversations/conversations.ts'
import { RecentMap } from '../log/recent-map.ts'
import { gcra, take } from './gcra.ts'
import type { LocalUser } from './hub/state.ts'
import type { Users } from './hub/users.ts'
import {
  ACQUAINTANCES_AGE_MS,
  ACQUAINTANCES_REMEMBERED_MAX,
  LOOKUPS_AT_ONCE,
  LOOKUPS_PER_PERIOD,
  LOOKUPS_PERIOD_MS,
  STRANGERS_AGE_MS,
} from './limits.ts'

export interface AcquaintancesDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly users: Pick<Users, 'get'>
  readonly conversations: Pick<Conversations, 'refsOf'>
  readonly rateLimitScale: number
}

/** Who shares a conversation with whom: only they may know of each other whether they are here. */
export class Acquaintances {
  readonly #deps: AcquaintancesDeps
  readonly #remembered = new RecentMap<{ readonly convs: ReadonlySet<string>; readonly at: number }>(
    ACQUAINTANCES_REMEMBERED_MAX,
  )
  readonly #limit

  constructor(deps: AcquaintancesDeps) {
    this.#deps = deps
    this.#limit = gcra(LOOKUPS_PER_PERIOD, LOOKUPS_PERIOD_MS, LOOKUPS_PER_PERIOD, deps.rateLimitScale)
  }

  /**
   * Those of `people` whom the viewer knows, and the viewer; by the conversations the viewer is in when it answers.
   * @throws when the store cannot be asked
   */
  async of(viewer: LocalUser, people: readonly string[]): Promise<Set<string>> {
    for (;;) {
      const { rooms } = viewer
      const known = await this.#known(viewer, people)
      if (viewer.rooms === rooms) {
        return known
      }
    }
  }

  async #known(viewer: LocalUser, people: readonly string[]): Promise<Set<string>> {
    const own = new Set(viewer.rooms.map(({ id }) => id))
    const known = new Set<string>()
    for (let from = 0; from < people.length; from += LOOKUPS_AT_ONCE) {
      const some = people.slice(from, from + LOOKUPS_AT_ONCE)
      const share = await Promise.all(some.map((id) => id === viewer.id || this.#share(viewer, own, id)))
      some.filter((_, i) => share[i]).forEach((id) => known.add(id))
    }
    return known
  }

  #share(viewer: LocalUser, own: ReadonlySet<string>, id: string): boolean | Promise<boolean> {
    const other = this.#deps.users.get(id)
    if (other !== undefined && other.ready === null) {
      return other.rooms.some((room) => own.has(room.id))
    }
    const now = this.#deps.clock.monotonic()
    const remembered = this.#remembered.get(id)
    if (remembered !== undefined) {
      const shares = !own.isDisjointFrom(remembered.convs)
      if (now - remembered.at < (shares ? ACQUAINTANCES_AGE_MS : STRANGERS_AGE_MS)) {
        return shares
      }
    }
    const at = take(this.#limit, viewer.lookupsAt, now)
    if (at < 0) {
      return false
    }
    viewer.lookupsAt = at
    return this.#read(id, now).then((convs) => !own.isDisjointFrom(convs))
  }

  async #read(id: string, at: number): Promise<ReadonlySet<string>> {
    const refs = await this.#deps.conversations.refsOf(id)
    const convs = new Set(refs.map(({ conv }) => conv))
    this.#remembered.set(id, { convs, at })
    return convs
  }
}
