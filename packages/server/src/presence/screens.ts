import type { Viewer } from './belief.ts'
import { EMPTY_SCREEN, type Screen, Watch, Watched } from './watch.ts'

/** Who has whom on screen, both ways. */
export class Screens<W> {
  readonly #watches = new Map<W, Watch<W>>()
  readonly #watched = new Map<string, Watched<W>>()
  /** People on screens of those who may not see their status; a new name they may see all the same. */
  readonly #strangers = new Map<string, Set<Watch<W>>>()

  watches(): Iterable<Watch<W>> {
    return this.#watches.values()
  }

  watched(): Iterable<Watched<W>> {
    return this.#watched.values()
  }

  find(user: string): Watched<W> | undefined {
    return this.#watched.get(user)
  }

  strangersOf(user: string): Iterable<Watch<W>> {
    return this.#strangers.get(user) ?? []
  }

  watchOf(watcher: W): Watch<W> | undefined {
    return this.#watches.get(watcher)
  }

  open(watcher: W, viewer: Viewer, now: number): Watch<W> {
    const watch = this.#watches.get(watcher) ?? new Watch(watcher, viewer, now)
    this.#watches.set(watcher, watch)
    return watch
  }

  /** Puts this on the screen instead of what was there. @returns the people nobody watched before */
  show(watch: Watch<W>, screen: Screen, now: number): Watched<W>[] {
    const before = watch.screen
    watch.screen = screen
    // First those who come: what is believed of those who stay is kept.
    const added = screen.people.flatMap((id) => this.#enlist(id, watch, now) ?? [])
    for (const id of before.people) {
      this.#dismiss(id, watch)
    }
    return added
  }

  close(watch: Watch<W>): void {
    this.show(watch, EMPTY_SCREEN, 0)
    this.#watches.delete(watch.watcher)
  }

  #enlist(id: string, watch: Watch<W>, now: number): Watched<W> | undefined {
    if (!watch.screen.visible.has(id)) {
      const strangers = this.#strangers.get(id) ?? new Set()
      this.#strangers.set(id, strangers.add(watch))
      return undefined
    }
    const known = this.#watched.get(id)
    const watched = known ?? new Watched<W>(id, now)
    watched.watches.add(watch)
    this.#watched.set(id, watched)
    return known === undefined ? watched : undefined
  }

  #dismiss(id: string, watch: Watch<W>): void {
    const { people, visible } = watch.screen
    const watched = this.#watched.get(id)
    if (watched !== undefined && !visible.has(id)) {
      watched.watches.delete(watch)
      watch.changed.delete(watched)
      if (watched.watches.size === 0) {
        this.#watched.delete(id)
      }
    }
    const strangers = this.#strangers.get(id)
    if (strangers !== undefined && (visible.has(id) || !people.includes(id))) {
      strangers.delete(watch)
      if (strangers.size === 0) {
        this.#strangers.delete(id)
      }
    }
  }
}
