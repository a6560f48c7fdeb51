import { must } from '@tam/util'
import type { Random } from '@tam/util'
import { people } from '../seed/people.ts'
import type { Api } from './api.ts'

/** Milliseconds after which a token is replaced; it lives ten minutes. */
const TOKEN_AGE_MS = 8 * 60_000
const GROUPS = 6
const DIRECTS = 4

/** A person of the drill and the token all their devices use. */
export class Person {
  readonly id: string
  readonly #username: string
  readonly #password: string
  readonly #api: Api
  #token: string
  #since = performance.now()

  constructor(api: Api, account: { id: string; username: string; password: string; token: string }) {
    this.id = account.id
    this.#api = api
    this.#username = account.username
    this.#password = account.password
    this.#token = account.token
  }

  async token(): Promise<string> {
    if (performance.now() - this.#since > TOKEN_AGE_MS) {
      this.#token = (await this.#api.login(this.#username, this.#password)).accessToken
      this.#since = performance.now()
    }
    return this.#token
  }

  /** The server does not take the token: the next one is a new one. */
  renew(): void {
    this.#since = -Infinity
  }

  /** A login beside the others. */
  async login(): Promise<{ token: string; sid: string }> {
    const { accessToken: token } = await this.#api.login(this.#username, this.#password)
    return { token, sid: await this.#api.currentLogin(token) }
  }
}

/** One device's own login, which can be ended without the person's others. */
export class Login {
  readonly id: string
  readonly #person: Person
  #token: string
  #since = performance.now()
  #sid: string
  #isOver = false

  private constructor(person: Person, token: string, sid: string) {
    this.id = person.id
    this.#person = person
    this.#token = token
    this.#sid = sid
  }

  static async open(person: Person): Promise<Login> {
    const { token, sid } = await person.login()
    return new Login(person, token, sid)
  }

  get sid(): string {
    return this.#sid
  }

  /** The server does not take the token: the next one is a new one. */
  renew(): void {
    this.#since = -Infinity
  }

  /** It was ended: its token stays what it is. */
  end(): void {
    this.#isOver = true
  }

  async token(): Promise<string> {
    if (!this.#isOver && performance.now() - this.#since > TOKEN_AGE_MS) {
      const { token, sid } = await this.#person.login()
      if (!this.#isOver) {
        this.#token = token
        this.#sid = sid
        this.#since = performance.now()
      }
    }
    return this.#token
  }
}

export interface Place {
  readonly conv: string
  readonly kind: 'channel' | 'group' | 'direct'
  /** The first one owns it, and stays. */
  readonly members: readonly Person[]
  /** Those of them who are no members at the moment. */
  readonly away: Set<Person>
  /** Share of the sends, relative to the others'. */
  readonly weight: number
}

export interface World {
  readonly people: readonly Person[]
  readonly places: readonly Place[]
}

/** Registers `count` people and opens their conversations: two hot ones with everybody, groups, directs. */
export async function createWorld(api: Api, count: number, random: Random): Promise<World> {
  const everybody = await Promise.all(Array.from({ length: count }, (_, index) => register(api, index)))
  const channel = await open(api, everybody, { kind: 'channel', title: 'Cả công ty', public: true }, 60)
  const hall = await open(api, everybody, { kind: 'group', title: 'Phòng họp lớn' }, 15)
  const groups: Place[] = []
  for (let i = 0; i < GROUPS; i++) {
    groups.push(await open(api, pick(everybody, 5, random), { kind: 'group', title: `Nhóm ${i + 1}` }, 3))
  }
  const directs: Place[] = []
  for (let i = 0; i < DIRECTS; i++) {
    const pair = pick(everybody, 2, random)
    const conv = await openDirect(api, must(pair[0]), must(pair[1]))
    if (directs.some((direct) => direct.conv === conv)) {
      // The same two again.
      continue
    }
    directs.push({ conv, kind: 'direct', members: pair, away: new Set(), weight: 1 })
  }
  return { people: everybody, places: [channel, hall, ...groups, ...directs] }
}

async function register(api: Api, index: number): Promise<Person> {
  const username = `drill-${index}`
  const password = `mật khẩu của ${username}`
  const name = people[index % people.length]?.name ?? username
  const { user, accessToken } = await api.register(username, name, password)
  return new Person(api, { id: user.id, username, password, token: accessToken })
}

type Details = { readonly kind: 'channel' | 'group'; readonly title: string; readonly public?: boolean }

async function open(api: Api, members: readonly Person[], details: Details, weight: number): Promise<Place> {
  const [owner, ...others] = members
  const body = { ...details, memberIds: others.map(({ id }) => id) }
  const conv = await api.createConversation(await must(owner).token(), body)
  return { conv, kind: details.kind, members, away: new Set(), weight }
}

/** From both sides, so that either may write first. */
async function openDirect(api: Api, a: Person, b: Person): Promise<string> {
  const conv = await api.createConversation(await a.token(), { kind: 'direct', userId: b.id })
  await api.createConversation(await b.token(), { kind: 'direct', userId: a.id })
  return conv
}

function pick(people: readonly Person[], count: number, random: Random): Person[] {
  const rest = [...people]
  return Array.from({ length: Math.min(count, people.length) }, () =>
    must(rest.splice(Math.floor(random.float() * rest.length), 1)[0]),
  )
}
