import { readFileSync } from 'node:fs'
import type { Fleet } from '../fleet/fleet.ts'
import type { Recorder } from './recorder.ts'

const LOOK_MS = 2_000
const KIBIBYTE = 1_024

/** The most memory each server of a fleet used, over all its lives. Linux only; elsewhere it sees nothing. */
export class MemoryWatch {
  readonly #fleet: Fleet
  readonly #most = new Map<string, number>()
  readonly #timer: Timer

  constructor(fleet: Fleet) {
    this.#fleet = fleet
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  record(recorder: Recorder): void {
    for (const [node, rssBytes] of this.#most) {
      recorder.add({ type: 'memory', node, rssBytes })
    }
  }

  #look(): void {
    for (const { name, process } of this.#fleet.servers) {
      const bytes = process.pid === undefined ? 0 : peakRss(process.pid)
      this.#most.set(name, Math.max(bytes, this.#most.get(name) ?? 0))
    }
  }
}

function peakRss(pid: number): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.[1] ?? 0) * KIBIBYTE
  } catch {
    return 0
  }
}
