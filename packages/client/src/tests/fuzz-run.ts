/* One seeded run of the convergence fuzz: random commands over a faulty network, then heal and compare. */
import type { FakeServerOptions, Mood, StoredConversation } from '@tam/testkit'
import { must, type Random } from '@tam/util'
import type { ConversationHandle, MessageItem } from '../api.ts'
import { checkConvergence, type Written } from './convergence.ts'
import { drain, TestNetwork, type TestDevice } from './test-network.ts'

const STEPS = 100
/** Longest simulated time for everything to come to rest after the faults end. */
const HEAL_MS = 180_000

export class FuzzRun {
  readonly seed: number
  readonly trace: string[] = []
  readonly network: TestNetwork
  readonly #random: Random
  readonly #written: Written[] = []
  readonly #closers = new Map<string, () => void>()
  #faulty = true
  #restored = false

  constructor(seed: number, options: Partial<FakeServerOptions> = {}) {
    this.seed = seed
    this.network = new TestNetwork(seed, { ...options, mood: () => this.#mood() })
    this.#random = this.network.random
    const { options: settings } = this.network.server
    settings.gapMax = 2 + this.#below(12)
    settings.pageMax = 2 + this.#below(8)
    settings.framesOf = 1 + this.#below(4)
    this.network.tails = { recent: 4 + this.#below(10), other: 1 + this.#below(6) }
  }

  /** Rejects with what is wrong, the seed and every command. */
  async run(): Promise<void> {
    try {
      await this.#run()
    } catch (error) {
      const trace = this.trace.join('\n')
      throw new Error(`seed ${this.seed}: ${(error as Error).message}\n${trace}`, { cause: error })
    }
  }

  async #run(): Promise<void> {
    await this.#setUp()
    for (let step = 0; step < STEPS; step++) {
      await this.#step()
      await drain()
    }
    await this.#heal()
    await checkConvergence(this.network, this.#written, this.#restored)
  }

  async #setUp(): Promise<void> {
    const { server } = this.network
    const people = ['an', 'bình', 'chi', 'dũng'].slice(0, 2 + this.#below(3))
    for (const name of people) {
      server.store.addPerson(asciiId(name), name)
    }
    const ids = people.map(asciiId)
    for (const conversation of [server.addConversation(ids.slice(0, 2), null), server.addConversation(ids)]) {
      for (let n = this.#below(30); n > 0; n--) {
        const from = must(ids[this.#below(2)])
        server.send(conversation, from, { cid: `truoc-${conversation.id}-${n}`, text: `trước đó ${n}` })
      }
    }
    for (const id of ids) {
      for (let count = 1 + this.#below(2); count > 0; count--) {
        await this.network.device(id).start()
      }
    }
  }

  async #step(): Promise<void> {
    const number = this.#below(this.network.devices.length)
    const device = must(this.network.devices[number])
    const conv = this.#conversationOf(device)
    const handle = device.client.conversation(conv.id)
    const dice = this.#random.float()
    if (dice < 0.25) {
      this.#send(number, handle)
    } else if (dice < 0.6) {
      await this.#travel()
    } else if (dice < 0.67) {
      this.#disturb(number, device)
    } else if (dice < 0.75) {
      this.#look(number, handle)
    } else if (dice < 0.82) {
      const seq = this.#below(conv.entries.length + 1)
      this.#note(`device ${number} reads ${conv.id} to ${seq}`)
      handle.markRead(seq)
    } else if (dice < 0.88) {
      const ms = this.#random.float() < 0.1 ? 12_000 : this.#below(1_500)
      this.#note(`${ms} ms pass`)
      this.network.clock.advance(ms)
    } else if (dice < 0.93) {
      await this.#interrupt(number, device)
    } else if (dice < 0.96) {
      await this.#decide(number, handle)
    } else if (dice < 0.985) {
      this.#changeMember(conv)
    } else {
      this.#disturbServer()
    }
  }

  #send(number: number, handle: ConversationHandle): void {
    const text = `máy ${number} viết ${this.#written.length}`
    this.#note(`device ${number} sends "${text}" to ${handle.id}`)
    handle.notifyTyping()
    const written: Written = { device: number, conv: handle.id, text, discarded: false }
    this.#written.push(written)
    handle.send(text).stored.then(
      (seq) => (written.seq = seq),
      () => undefined,
    )
  }

  /** Every device gets some of what travels, some get none. */
  async #travel(): Promise<void> {
    const counts: string[] = []
    for (const { pair } of this.network.devices) {
      const up = this.#below(6)
      const down = this.#below(6)
      counts.push(`${up}/${down}`)
      pair?.flush('up', up)
      await drain()
      pair?.flush('down', down)
    }
    this.#note(`frames up and down: ${counts.join(' ')}`)
  }

  #disturb(number: number, device: TestDevice): void {
    const direction = this.#random.float() < 0.5 ? 'up' : 'down'
    const what = this.#random.float() < 0.5 ? 'reorder' : 'duplicate'
    this.#note(`device ${number}: ${what} ${direction}`)
    device.pair?.[what](direction, this.#random)
  }

  #look(number: number, handle: ConversationHandle): void {
    const key = `${number} ${handle.id}`
    const close = this.#closers.get(key)
    const dice = this.#random.float()
    const seq = 1 + this.#below(20)
    if (close === undefined) {
      this.#note(`device ${number} opens ${handle.id}`)
      this.#closers.set(key, handle.open())
    } else if (dice < 0.3) {
      this.#note(`device ${number} closes ${handle.id}`)
      this.#closers.delete(key)
      close()
    } else {
      const what =
        dice < 0.5 ? 'loadBefore' : dice < 0.7 ? 'loadAfter' : dice < 0.9 ? 'jumpTo' : 'jumpToLatest'
      this.#note(`device ${number} ${what} in ${handle.id} (${seq})`)
      handle[what](seq).catch(() => undefined)
    }
  }

  async #interrupt(number: number, device: TestDevice): Promise<void> {
    const dice = this.#random.float()
    if (dice < 0.4) {
      this.#note(`device ${number}: connection cut`)
      device.pair?.cut()
    } else if (dice < 0.7 || device.offline) {
      this.#note(`device ${number}: ${device.offline ? 'online' : 'offline'}`)
      device.setOffline(!device.offline)
    } else {
      this.#note(`device ${number}: restarted`)
      for (const key of this.#closers.keys()) {
        if (key.startsWith(`${number} `)) {
          this.#closers.delete(key)
        }
      }
      await device.restart()
    }
  }

  /** A person decides about messages that failed. */
  async #decide(number: number, handle: ConversationHandle): Promise<void> {
    const failed = unsent(handle).filter((item) => item.state === 'failed')
    for (const { cid, text } of failed) {
      if (this.#random.float() < 0.5) {
        this.#note(`device ${number} retries "${text}"`)
        handle.retry(cid)
      } else {
        this.#note(`device ${number} discards "${text}"`)
        await handle.discard(cid)
        must(this.#written.find((one) => one.text === text)).discarded = true
      }
    }
  }

  #changeMember(conversation: StoredConversation): void {
    const { server } = this.network
    const people = [...server.store.people.keys()]
    const outside = people.filter((person) => !conversation.members.has(person))
    const candidates = outside.length > 0 && this.#random.float() < 0.7 ? outside : people
    const user = must(candidates[this.#below(candidates.length)])
    const change = conversation.members.has(user) ? 'removed' : 'added'
    if (conversation.kind === 'group' && (change === 'added' || conversation.members.size > 1)) {
      this.#note(`${user} ${change} in ${conversation.id}`)
      server.changeMember(conversation.id, user, change, must(people[0]))
    }
  }

  #disturbServer(): void {
    const { server } = this.network
    if (this.#random.float() < 0.8) {
      this.#note('the server restarts')
    } else {
      this.#note('the server starts from an old backup')
      this.#restored = true
      server.options.epoch = `epoch after ${this.trace.length}`
      for (const { entries } of server.store.conversations.values()) {
        while (entries.length > 3 && entries.at(-1)?.type === 'message' && this.#random.float() < 0.7) {
          entries.pop()
        }
      }
      for (const { members, entries } of server.store.conversations.values()) {
        for (const [user, read] of members) {
          members.set(user, Math.min(read, entries.length))
        }
      }
    }
    server.restart()
  }

  async #heal(): Promise<void> {
    this.#note('all faults end')
    this.#faulty = false
    for (const device of this.network.devices) {
      device.setOffline(false)
    }
    for (let passed = 0; passed < HEAL_MS && !(await this.#atRest()); passed += 2_000) {
      await this.network.pass(2_000, 1_000)
    }
    await this.network.pass(4_000, 1_000)
  }

  /** Everybody connected, every outbox empty or stuck behind a failure, which is then decided. */
  async #atRest(): Promise<boolean> {
    await this.network.settle()
    let rest = true
    for (const [number, { client }] of this.network.devices.entries()) {
      rest &&= client.connection.get().status === 'connected'
      for (const { id } of this.network.server.store.conversations.values()) {
        const handle = client.conversation(id)
        // What waits is shown at the live end only.
        handle.jumpToLatest().catch(() => undefined)
        rest &&= unsent(handle).length === 0
        await this.#decide(number, handle)
      }
    }
    return rest
  }

  #mood(): Mood {
    const dice = this.#faulty ? this.#random.float() : 1
    if (dice < 0.05) {
      return { type: 'unknown' }
    }
    if (dice < 0.1) {
      return { type: 'refuse', code: 'unavailable', retry: true }
    }
    return dice < 0.13 ? { type: 'refuse', code: 'forbidden', retry: false } : { type: 'store' }
  }

  /** Mostly one that the device's person is in. */
  #conversationOf({ user }: TestDevice): StoredConversation {
    const all = [...this.network.server.store.conversations.values()]
    const own = all.filter(({ members }) => members.has(user))
    const choice = own.length > 0 && this.#random.float() < 0.95 ? own : all
    return must(choice[this.#below(choice.length)])
  }

  #below(limit: number): number {
    return Math.floor(this.#random.float() * limit)
  }

  #note(what: string): void {
    this.trace.push(what)
  }
}

function unsent(handle: ConversationHandle): MessageItem[] {
  return handle.timeline
    .get()
    .items.filter((item) => item.type === 'message' && item.state !== 'sent') as MessageItem[]
}

function asciiId(name: string): string {
  return name.normalize('NFD').replaceAll(/[^a-z]/g, '')
}
