import { WINDOWS_UNITS_MAX, WINDOW_ENTRIES_MAX, WINDOW_IDLE_MS } from '../limits.ts'
import type { Room } from './state.ts'

/** Seq of the first entry in the room's window; `next` when it is empty. */
export function firstOf(room: Room): number {
  return room.next - (room.window?.length ?? 0)
}

/**
 * The newest entries of rooms, encoded, within one budget: a room's window holds the seqs firstOf(room) … next − 1.
 * Those not yet published are always among them, so a window is never cut beyond `published`.
 */
export class Windows {
  readonly #unitsMax: number
  /** Rooms with a window, longest unused first as far as eviction cares. */
  readonly #holders = new Set<Room>()
  #units = 0

  constructor(unitsMax = WINDOWS_UNITS_MAX) {
    this.#unitsMax = unitsMax
  }

  /** UTF-16 units held. */
  get units(): number {
    return this.#units
  }

  /** Adds the entry with seq `room.next`. */
  append(room: Room, entry: string): void {
    if (room.window === null) {
      room.window = []
      this.#holders.add(room)
    }
    room.window.push(entry)
    this.#count(room, entry.length)
    room.next++
    // Cut only at twice the maximum, so that an entry costs no copy of the window.
    if (room.window.length >= 2 * WINDOW_ENTRIES_MAX) {
      this.#cut(room, WINDOW_ENTRIES_MAX)
    }
  }

  /** Puts older entries in front; they end right before the window. */
  prepend(room: Room, entries: readonly string[]): void {
    room.window = [...entries, ...(room.window ?? [])]
    this.#holders.add(room)
    this.#count(room, unitsOf(entries))
  }

  /** Entries from..to (inclusive), or undefined when the window does not hold all of them. */
  slice(room: Room, from: number, to: number, now: number): string[] | undefined {
    const first = firstOf(room)
    if (from < first || to >= room.next) {
      return undefined
    }
    room.windowUsedAt = now
    return room.window?.slice(from - first, to - first + 1)
  }

  /** Drops what nobody used lately, and the coldest windows while the budget is exceeded. */
  evict(now: number): void {
    for (const room of this.#holders) {
      const idle = now - Math.max(room.windowUsedAt, room.flushedAt) > WINDOW_IDLE_MS
      if (idle || this.#units > this.#unitsMax) {
        this.drop(room)
      }
    }
  }

  /** Drops everything that is published. */
  drop(room: Room): void {
    this.#cut(room, 0)
    if (room.window === null) {
      this.#holders.delete(room)
    }
  }

  /** Drops everything: the room is closed or jumps ahead. */
  clear(room: Room): void {
    this.#count(room, -room.windowUnits)
    room.window = null
    this.#holders.delete(room)
  }

  get isOverBudget(): boolean {
    return this.#units > this.#unitsMax
  }

  #cut(room: Room, keep: number): void {
    const window = room.window ?? []
    const pending = room.next - 1 - room.published
    const excess = window.length - Math.max(keep, pending)
    if (excess > 0) {
      this.#count(room, -unitsOf(window.slice(0, excess)))
      room.window = excess === window.length ? null : window.slice(excess)
    }
  }

  #count(room: Room, units: number): void {
    room.windowUnits += units
    this.#units += units
  }
}

function unitsOf(entries: readonly string[]): number {
  let units = 0
  for (const entry of entries) {
    units += entry.length
  }
  return units
}
