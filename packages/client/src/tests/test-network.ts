/* A network of clients in one process: every frame travels only when told, time passes only when told. */
import { FakeClock, FakeServer, TestSocketPair, type FakeServerOptions } from '@tam/testkit'
import type { UpFrame } from '@tam/protocol'
import { seededRandom, type Random } from '@tam/util'
import type { TamClient } from '../api.ts'
import { createClient } from '../client.ts'
import { steadyEnvironment, type Environment, type EnvironmentChange } from '../connection/environment.ts'
import type { OpenTransport } from '../connection/transport.ts'
import { TamError } from '../errors.ts'
import { cookieFetch } from '../session/cookie-fetch.ts'
import { memoryDeviceStore } from '../session/device-store.memory.ts'
import { memoryStorage } from '../storage/account-storage.memory.ts'
import type { Scheduler } from '../store/observable.ts'

/** Lets everything that needs no time and no network happen. */
export function drain(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** A device of a person: what survives when the client is started anew. */
export class TestDevice {
  readonly user: string
  readonly #network: TestNetwork
  readonly #devices = memoryDeviceStore()
  readonly #storage = memoryStorage()
  readonly #fetch
  /** Says what changes around the newest client. */
  surroundings: (change: EnvironmentChange) => void = () => undefined
  client: TamClient
  /** The last socket opened; earlier ones are closed. */
  pair: TestSocketPair | undefined
  offline = false
  /** Sockets ever opened. */
  opened = 0
  readonly errors: unknown[] = []
  readonly messages: string[] = []

  constructor(network: TestNetwork, user: string) {
    this.#network = network
    this.user = user
    this.#fetch = cookieFetch((url, init) => this.#send(url, init))
    this.client = this.#create()
  }

  /** Signs in and connects. */
  async start(): Promise<void> {
    await this.client.session.login({ login: this.user, password: 'mật khẩu dài' })
    this.client.start()
    await this.#network.settle()
  }

  /** The program ends without a goodbye and starts again on the same device. */
  async restart(): Promise<void> {
    this.crash()
    this.client = this.#create()
    await this.client.session.restore()
    this.client.start()
    await drain()
  }

  crash(): void {
    this.pair?.cut()
    this.pair = undefined
    void this.client.close()
  }

  /** The network of this device breaks, or comes back. */
  setOffline(offline: boolean): void {
    this.offline = offline
    if (offline) {
      this.pair?.cut()
    }
  }

  #create(): TamClient {
    const { clock, random } = this.#network
    const client = createClient({
      url: 'http://server.test',
      clock,
      random,
      fetch: this.#fetch,
      transport: this.#open,
      environment: this.#environment,
      devices: this.#devices,
      storage: this.#storage,
      scheduler: atOnce,
      tails: this.#network.tails,
    })
    client.on('error', ({ error }) => this.errors.push(error))
    client.on('message', ({ item }) => this.messages.push(item.text))
    return client
  }

  readonly #environment: Environment = {
    ...steadyEnvironment,
    onChange: (listener) => {
      this.surroundings = listener
      return () => undefined
    },
  }

  #send(url: string, init: RequestInit): Promise<Response> {
    return this.offline
      ? Promise.reject(new TamError('offline', { retryable: true }))
      : this.#network.server.fetch(url, init)
  }

  readonly #open: OpenTransport = (events) => {
    const pair = new TestSocketPair()
    if (this.pair?.open === true) {
      throw new Error('a second socket was opened before the first was closed')
    }
    this.opened++
    this.pair = pair
    pair.client.onFrame = events.onFrame
    pair.client.onClose = events.onClose
    queueMicrotask(() => {
      if (this.offline) {
        pair.cut()
      } else {
        this.#network.server.accept(pair.server)
        events.onOpen()
      }
    })
    return {
      close: pair.client.close,
      send: (text) => pair.client.send(JSON.stringify(this.#network.rewrite(JSON.parse(text) as UpFrame))),
    }
  }
}

/** Listeners run in the same tick, so that a test sees what a person would see. */
const atOnce: Scheduler = { schedule: (flush) => queueMicrotask(flush) }

export class TestNetwork {
  readonly clock = new FakeClock()
  readonly random: Random
  readonly server: FakeServer
  readonly devices: TestDevice[] = []
  tails = { recent: 200, other: 50 }
  /** Planted faults change what clients say. */
  rewrite: (frame: UpFrame) => UpFrame = (frame) => frame

  constructor(seed = 1, options: Partial<FakeServerOptions> = {}) {
    this.random = seededRandom(seed)
    this.server = new FakeServer(this.clock, options)
  }

  device(user: string): TestDevice {
    const device = new TestDevice(this, user)
    this.devices.push(device)
    return device
  }

  /** Delivers everything that travels, until nothing moves any more; no time passes. */
  async settle(): Promise<void> {
    for (let moved = 1; moved > 0;) {
      await drain()
      moved = 0
      for (const { pair } of this.devices) {
        moved += pair?.settle() ?? 0
      }
    }
  }

  /** Lets time pass in steps, delivering everything. */
  async pass(ms: number, stepMs = 500): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(Math.min(stepMs, ms - passed))
      await this.settle()
    }
  }
}
