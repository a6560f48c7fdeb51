import { randomId, type Random } from '@tam/util'
import type { Device, DeviceStore } from './device-store.ts'

/** What the device remembers, at hand after the first look. A device that cannot keep it remembers for the visit. */
export class KnownDevice {
  readonly #store: DeviceStore
  readonly #random: Random
  #known: Device | undefined

  constructor(store: DeviceStore, random: Random) {
    this.#store = store
    this.#random = random
  }

  /** Made on first use. */
  async load(): Promise<Device> {
    this.#known ??= await this.#stored()
    this.#known ??= { id: randomId(this.#random, 22) }
    return this.#known
  }

  /** As the last tab left it. */
  async loadAnew(): Promise<Device> {
    this.#known = (await this.#stored()) ?? this.#known
    return await this.load()
  }

  async save(device: Device): Promise<void> {
    this.#known = device
    await this.#store.save(device).catch(() => undefined)
  }

  #stored(): Promise<Device | undefined> {
    return this.#store.load().catch(() => undefined)
  }
}
