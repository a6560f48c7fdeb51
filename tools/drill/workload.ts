import { TEXT_MAX_GRAPHEMES } from '@tam/protocol'
import { must } from '@tam/util'
import type { Random } from '@tam/util'
import { dialogues } from '../seed/corpus.ts'
import type { Api } from './api.ts'
import type { Outgoing } from './client/outbox.ts'
import { Session } from './client/session.ts'
import type { ClientBug, DeviceUser } from './client/session-options.ts'
import type { Recorder } from './recorder.ts'
import { shaOfText } from './recorder.ts'
import type { Person, Place, World } from './world.ts'

const TICK_MS = 10
/** Sends that one session may hold undecided; while the server is away people go on writing. */
const UNDECIDED_MAX = 60
/** Acknowledged sends remembered for deliberate retries, of all ages. */
const REMEMBERED_MAX = 2_000
const SHARES = {
  pipeline: 0.15,
  repeat: 0.05,
  race: 0.02,
  overHttp: 0.3,
  history: 0.04,
  read: 0.05,
}
/** Of this many repeats one has another text: counted, so that even a short drill meets refusals. */
const CONFLICT_EVERY = 4

/** Share of those who are no members and try to write all the same. */
const TRESPASS = 0.1

interface Sent {
  readonly outgoing: Outgoing
  readonly person: Person
}

export interface WorkloadOptions {
  readonly api: Api
  readonly world: World
  readonly recorder: Recorder
  readonly random: Random
  /** New sends a second. */
  readonly rate: number
  /** The address of `/ws`. */
  readonly url: string
  /** Planted in every session. */
  readonly clientBug?: ClientBug | undefined
  /** Everybody's devices; two or three with one login when left out. */
  readonly devices?: ReadonlyMap<Person, readonly DeviceUser[]>
}

/**
 * What the people of the drill do: write alone and in pipelines, repeat what was acknowledged and what is under
 * way, reuse a cid for another text, read history, mark as read.
 */
export class Workload {
  readonly #options: WorkloadOptions
  readonly #byPerson = new Map<Person, Session[]>()
  readonly #sent: Sent[] = []
  readonly #texts = dialogues.flat()
  #timer: Timer | undefined
  #credit = 0
  #repeats = 0
  readonly #retired: Session[] = []

  constructor(options: WorkloadOptions) {
    this.#options = options
    for (const [index, person] of options.world.people.entries()) {
      const few = Array.from({ length: index % 2 === 0 ? 2 : 3 }, () => person)
      const users = options.devices?.get(person) ?? few
      const sessions = users.map((user, device) => this.#session(person, user, `${person.id}-${device}`))
      this.#byPerson.set(person, sessions)
    }
  }

  get sessions(): readonly Session[] {
    return [...this.#byPerson.values()].flat()
  }

  sessionsOf(person: Person): readonly Session[] {
    return must(this.#byPerson.get(person))
  }

  /** A device signs in anew, and takes the place of `old`: what that left undecided goes on there. */
  replace(person: Person, old: Session, user: DeviceUser): Session {
    const sessions = must(this.#byPerson.get(person))
    const session = this.#session(person, user, `${person.id}-r${this.#retired.length}`)
    sessions[sessions.indexOf(old)] = session
    session.adopt(old.retire())
    this.#retired.push(old)
    session.start()
    return session
  }

  start(): void {
    for (const session of this.sessions) {
      session.start()
    }
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
  }

  /** No new sends; sessions go on until what they hold is decided. */
  finish(): void {
    clearInterval(this.#timer)
  }

  stop(): void {
    this.finish()
    for (const session of [...this.sessions, ...this.#retired]) {
      session.stop()
    }
  }

  get undecided(): number {
    return this.sessions.reduce((sum, session) => sum + session.undecided, 0)
  }

  #session(person: Person, user: DeviceUser, name: string): Session {
    const { recorder, random, url, clientBug: bug } = this.#options
    const onAcked = (outgoing: Outgoing) => this.#remember({ outgoing, person })
    return new Session({ name, user, url, recorder, random, bug, onAcked })
  }

  #tick(): void {
    this.#credit += (this.#options.rate * TICK_MS) / 1_000
    for (; this.#credit >= 1; this.#credit--) {
      this.#act()
    }
    for (const session of [...this.sessions, ...this.#retired]) {
      session.checkAnswers()
    }
  }

  #act(): void {
    const place = this.#place()
    const person = this.#pick(place.members)
    const session = this.#pick(must(this.#byPerson.get(person)))
    const mayWrite = !place.away.has(person) || this.#chance(TRESPASS)
    if (mayWrite && session.undecided < UNDECIDED_MAX) {
      this.#write(session, place, person)
    }
    if (this.#chance(SHARES.repeat)) {
      void this.#repeat()
    }
    if (this.#chance(SHARES.history)) {
      this.#readHistory(session, place.conv)
    }
    if (this.#chance(SHARES.read)) {
      session.markRead(place.conv)
    }
  }

  #write(session: Session, { conv }: Place, person: Person): void {
    if (this.#chance(SHARES.pipeline)) {
      const length = 2 + Math.floor(this.#options.random.float() * 5)
      const chained = this.#chance(0.7)
      for (let i = 0; i < length; i++) {
        session.write(conv, this.#text(), { chained })
      }
      this.#credit -= length - 1
      return
    }
    const isRaced = this.#chance(SHARES.race)
    const outgoing = session.write(conv, this.#text(), { chained: true, isRaced })
    if (isRaced) {
      this.#pick(must(this.#byPerson.get(person))).repeat(outgoing)
    }
  }

  /** Sends an acknowledged message again, perhaps of long ago: from another device, or over HTTP. */
  async #repeat(): Promise<void> {
    const sent = this.#sent[Math.floor(this.#options.random.float() * this.#sent.length)]
    if (sent === undefined) {
      return
    }
    const isConflict = this.#repeats++ % CONFLICT_EVERY === 0
    const text = isConflict ? `${sent.outgoing.text} (khác)` : sent.outgoing.text
    if (this.#chance(SHARES.overHttp)) {
      await this.#repeatOverHttp(sent, text)
    } else {
      this.#pick(must(this.#byPerson.get(sent.person))).repeat(sent.outgoing, text)
    }
  }

  async #repeatOverHttp({ outgoing, person }: Sent, text: string): Promise<void> {
    const { recorder, api } = this.#options
    const { conv, cid, base } = outgoing
    const token = await person.token()
    const op = recorder.nextOp()
    const connection = recorder.nextConnection()
    const common = { conv, cid, base }
    const user = person.id
    recorder.add({ type: 'send', at: recorder.now(), op, connection, user, sha: shaOfText(text), ...common })
    try {
      const path = `/api/conversations/${conv}/messages`
      const { status, body } = await api.call<{ seq?: number; code?: string }>('POST', path, {
        token,
        body: { cid, base, text, resend: true },
      })
      const at = recorder.now()
      if (body.seq !== undefined) {
        recorder.add({ type: 'ok', at, op, seq: body.seq })
      } else if (status === 401) {
        // Says nothing about the message.
        person.renew()
        recorder.add({ type: 'info', at, op, reason: 'unauthenticated' })
      } else if (status < 500 && status !== 429) {
        recorder.add({ type: 'fail', at, op, code: body.code ?? String(status) })
      } else {
        recorder.add({ type: 'info', at, op, reason: body.code ?? String(status) })
      }
    } catch {
      recorder.add({ type: 'info', at: recorder.now(), op, reason: 'closed' })
    }
  }

  #readHistory(session: Session, conv: string): void {
    const chance = this.#options.random.float()
    if (chance < 0.6) {
      session.readHistory(conv, { before: Number.MAX_SAFE_INTEGER, limit: 50 })
    } else if (chance < 0.8) {
      session.readHistory(conv, { after: Math.floor(chance * 100), limit: 100 })
    } else {
      session.readHistory(conv, { around: 1 + Math.floor(chance * 200), limit: 20 })
    }
  }

  #remember(sent: Sent): void {
    if (this.#sent.length < REMEMBERED_MAX) {
      this.#sent.push(sent)
    } else if (this.#chance(0.1)) {
      this.#sent[Math.floor(this.#options.random.float() * REMEMBERED_MAX)] = sent
    }
  }

  #place(): Place {
    const { places } = this.#options.world
    let left = this.#options.random.float() * places.reduce((sum, { weight }) => sum + weight, 0)
    return places.find(({ weight }) => (left -= weight) < 0) ?? must(places[0])
  }

  #text(): string {
    const text = this.#pick(this.#texts)
    if (this.#chance(0.002)) {
      return text.repeat(Math.ceil(TEXT_MAX_GRAPHEMES / text.length)).slice(0, TEXT_MAX_GRAPHEMES / 2)
    }
    return text
  }

  #chance(share: number): boolean {
    return this.#options.random.float() < share
  }

  #pick<T>(items: readonly T[]): T {
    return must(items[Math.floor(this.#options.random.float() * items.length)])
  }
}
