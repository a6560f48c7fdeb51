import type { Presence as PresenceStatus } from '@tam/protocol'
import type { Device } from '../here.ts'
import { Presence, type PresenceDeps } from '../presence.ts'
import type { TestProcess } from './process.ts'

/** One client with people on its screen. */
export class TestWatcher {
  readonly id: string
  /** Conversations the viewer is in. */
  readonly convs = new Set<string>()
  /** People the viewer shares no conversation with. */
  readonly strangers = new Set<string>()
  /** Frames since they were last asked for, each with its time. */
  readonly frames: { readonly at: number; readonly users: readonly PresenceStatus[] }[] = []
  readonly profiles: string[] = []
  isSlow = false

  constructor(id: string) {
    this.id = id
  }

  /** What was told since the last call, a line per frame: `an online,binh offline`. */
  told(): string[] {
    const frames = this.frames.splice(0)
    return frames.map(({ users }) => users.map(({ id, status }) => `${id} ${status}`).join())
  }

  /** The newest word about somebody, kept. */
  last(id: string): PresenceStatus | undefined {
    return this.frames.flatMap(({ users }) => users).findLast((user) => user.id === id)
  }
}

interface ChatOptions extends Pick<PresenceDeps<TestWatcher>, 'cache' | 'bus' | 'node'> {
  readonly process: TestProcess
}

/** The part of a chat server that presence is about. */
export class TestChat {
  readonly presence: Presence<TestWatcher>
  readonly process: TestProcess

  constructor(options: ChatOptions) {
    this.process = options.process
    this.presence = new Presence<TestWatcher>({
      ...options,
      clock: options.process,
      visibleTo: async (watcher, people) => visible(watcher, people),
      deliver: (watcher, users) => {
        if (!watcher.isSlow) {
          watcher.frames.push({ at: this.process.monotonic(), users })
        }
        return !watcher.isSlow
      },
      tell: (watcher, frame) => void watcher.profiles.push(frame),
    })
  }

  start(): Promise<void> {
    return this.presence.start()
  }

  /** kill -9. */
  kill(): void {
    this.process.kill()
  }

  /** The person is here with these devices: `a` active, `i` inactive, `:<conv>` open. */
  here(user: string, ...devices: string[]): void {
    this.presence.here(user, { since: this.process.now(), devices: devices.map(deviceOf) })
  }

  gone(user: string): void {
    this.presence.gone(user, this.process.now())
  }

  watch(watcher: TestWatcher, ...people: string[]): TestWatcher {
    const viewer = { id: watcher.id, isIn: (conv: string) => watcher.convs.has(conv) }
    this.presence.watch(watcher, viewer, { people, visible: visible(watcher, people), convs: [] })
    return watcher
  }
}

function visible(watcher: TestWatcher, people: readonly string[]): Set<string> {
  return new Set(people.filter((id) => !watcher.strangers.has(id)))
}

function deviceOf(text: string): Device {
  const [state, conv = null] = text.split(':')
  return { active: state === 'a', conv }
}
