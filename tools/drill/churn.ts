import { must } from '@tam/util'
import type { Random } from '@tam/util'
import type { Api } from './api.ts'
import type { Session } from './client/session.ts'
import type { Recorder } from './recorder.ts'
import type { Workload } from './workload.ts'
import { Login, type Person, type Place, type World } from './world.ts'

const TICK_MS = 100
/** Per new send: a connection dropped, a membership changed, a login ended. */
const SHARES = { reconnect: 0.05, membership: 0.02, revoke: 0.01 }
/** Of the removed, those whose devices lose their connections at that moment, with sends under way. */
const CUT_OFF_SHARE = 0.5
/** Of the members of a place, those who may be away at once. */
const AWAY_SHARE = 0.4
/** Changes that may be under way at once; a server that is away would pile them up. */
const UNDER_WAY_MAX = 8
/** Milliseconds before an unknown or refused change is asked for again. */
const RETRY_MS = 300
/** Milliseconds for a change to be confirmed when all is well. */
const CONFIRM_MS = 30_000
/** Milliseconds for which a login that was ended is still tried. */
const HAUNT_MS = 20_000

export interface ChurnOptions {
  readonly api: Api
  readonly world: World
  readonly workload: Workload
  readonly recorder: Recorder
  readonly random: Random
  /** New sends a second. */
  readonly rate: number
  /** The login behind each session. */
  readonly logins: Map<Session, Login>
}

interface Insistence {
  /** The status that settles it, and the one that says that it was settled before. */
  readonly final: number
  readonly already?: number
  readonly by: Person
  readonly body?: object
}

/** People who come and go: connections drop, members are removed and added again, logins are ended. */
export class Churn {
  readonly #options: ChurnOptions
  readonly #underWay = new Set<Promise<void>>()
  readonly #busy = new Set<unknown>()
  #timer: Timer | undefined
  #isOver = false

  constructor(options: ChurnOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
  }

  /** Begins nothing new; resolves when what is under way has been confirmed, or given up and recorded. */
  async finish(): Promise<void> {
    clearInterval(this.#timer)
    const giveUp = setTimeout(() => (this.#isOver = true), CONFIRM_MS)
    await Promise.all(this.#underWay)
    clearTimeout(giveUp)
  }

  #tick(): void {
    const sends = (this.#options.rate * TICK_MS) / 1_000
    this.#times(sends * SHARES.reconnect, () => this.#reconnect())
    this.#times(sends * SHARES.membership, () => this.#begin(() => this.#changeMembership()))
    this.#times(sends * SHARES.revoke, () => this.#begin(() => this.#revoke()))
  }

  /** As often as `expected` says on average. */
  #times(expected: number, act: () => void): void {
    for (let left = expected; left > 0; left--) {
      if (this.#options.random.float() < left) {
        act()
      }
    }
  }

  #begin(act: () => Promise<void>): void {
    if (this.#underWay.size < UNDER_WAY_MAX) {
      const work = act().finally(() => this.#underWay.delete(work))
      this.#underWay.add(work)
    }
  }

  #reconnect(): void {
    void this.#pick(this.#options.workload.sessions).reconnect()
  }

  async #changeMembership(): Promise<void> {
    const place = this.#pick(this.#options.world.places.filter(({ kind }) => kind !== 'direct'))
    const [, ...others] = place.members
    const person = this.#pick(others)
    const key = `${place.conv} ${person.id}`
    if (this.#busy.has(key)) {
      return
    }
    this.#busy.add(key)
    const isAway = place.away.has(person)
    if (isAway) {
      await this.#add(place, person)
    } else if (place.away.size < others.length * AWAY_SHARE) {
      await this.#remove(place, person)
    }
    this.#busy.delete(key)
  }

  /** By the owner, or by oneself. */
  async #remove(place: Place, person: Person): Promise<void> {
    const { recorder } = this.#options
    const by = this.#chance(0.5) ? must(place.members[0]) : person
    const at = recorder.now()
    place.away.add(person)
    const path = `/api/conversations/${place.conv}/members/${person.id}`
    if (!(await this.#insist('DELETE', path, { final: 204, already: 404, by }))) {
      return
    }
    const change = { conv: place.conv, user: person.id, change: 'removed' as const }
    recorder.add({ type: 'membership', at, until: recorder.now(), ...change })
    if (this.#chance(CUT_OFF_SHARE)) {
      for (const session of this.#options.workload.sessionsOf(person)) {
        void session.reconnect()
      }
    }
  }

  /** By the owner; a channel by oneself as well. */
  async #add(place: Place, person: Person): Promise<void> {
    const { recorder } = this.#options
    const at = recorder.now()
    const path = `/api/conversations/${place.conv}`
    const isJoining = place.kind === 'channel' && this.#chance(0.5)
    const isDone = isJoining
      ? await this.#insist('POST', `${path}/join`, { final: 200, by: person })
      : await this.#insist('POST', `${path}/members`, {
          final: 200,
          already: 409,
          by: must(place.members[0]),
          body: { userIds: [person.id] },
        })
    const change = isDone ? ('added' as const) : ('unknown' as const)
    recorder.add({ type: 'membership', at, until: recorder.now(), conv: place.conv, user: person.id, change })
    if (isDone) {
      place.away.delete(person)
    }
  }

  /** Ends the login of a device, which goes on trying with it for a while, and signs in anew beside that. */
  async #revoke(): Promise<void> {
    const { workload, recorder, world, logins } = this.#options
    const person = this.#pick(world.people)
    const session = this.#pick(workload.sessionsOf(person))
    const login = logins.get(session)
    if (login === undefined || this.#busy.has(session)) {
      return
    }
    this.#busy.add(session)
    login.end()
    const { sid } = login
    if (!(await this.#insist('DELETE', `/api/logins/${sid}`, { final: 204, already: 404, by: person }))) {
      return
    }
    recorder.add({ type: 'revoke', at: recorder.now(), session: session.name })
    const next = await this.#signIn(person)
    logins.delete(session)
    logins.set(workload.replace(person, session, next), next)
    setTimeout(() => session.stop(), HAUNT_MS)
  }

  async #signIn(person: Person): Promise<Login> {
    for (;;) {
      try {
        return await Login.open(person)
      } catch (error) {
        if (this.#isOver) {
          throw error
        }
        await Bun.sleep(RETRY_MS)
      }
    }
  }

  /** Asks until the answer is final; false when the drill ended before. */
  async #insist(method: string, path: string, { final, already, by, body }: Insistence): Promise<boolean> {
    const { api, recorder } = this.#options
    let asked = 0
    for (let last = 'not asked yet'; ; await Bun.sleep(RETRY_MS)) {
      if (this.#isOver) {
        recorder.add({ type: 'unconfirmed', at: recorder.now(), what: `${method} ${path}: ${last}` })
        return false
      }
      try {
        const token = await by.token()
        const { status } = await api.call(method, path, { token, ...(body === undefined ? {} : { body }) })
        // So already: by an earlier question, whose answer was lost.
        if (status === final || (asked > 0 && status === already)) {
          return true
        }
        asked++
        if (status === 401) {
          by.renew()
        }
        last = String(status)
      } catch (error) {
        asked++
        last = String(error)
      }
    }
  }

  #chance(share: number): boolean {
    return this.#options.random.float() < share
  }

  #pick<T>(items: readonly T[]): T {
    return must(items[Math.floor(this.#options.random.float() * items.length)])
  }
}
