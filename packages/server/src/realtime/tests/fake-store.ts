import type { Role } from '@tam/protocol'
import { must } from '@tam/util'
import type { ConversationRef } from '../../conversations/conversations.ts'
import { encodeEntry } from '../../log/log.ts'

export const USERS = ['an', 'binh', 'chi']
export const CONVS = ['nhom-1', 'nhom-2', 'nhom-3']

/** One person's membership on its way through its steps: access, entry, own side, own log. */
interface Saga {
  readonly user: string
  readonly conv: string
  readonly steps: (() => void)[]
}

/** What is true: logs, memberships, and the changes of memberships that are under way. */
export class FakeStore {
  /** When what happens, happens. */
  step = 0
  readonly #logs = new Map<string, string[]>()
  /** The truth about access; the people's sides follow it step by step. */
  readonly #members = new Map<string, Set<string>>(CONVS.map((conv) => [conv, new Set()]))
  readonly #sides = new Map<string, Map<string, number>>(USERS.map((user) => [user, new Map()]))
  /** By `<conv>/<user>`: the removal that nothing has undone. */
  readonly #removals = new Map<string, { readonly seq: number; readonly step: number }>()
  readonly #onAppended: (log: string, seq: number, entry: string) => void
  #sagas: Saga[] = []
  #cids = 0

  constructor(onAppended: (log: string, seq: number, entry: string) => void) {
    this.#onAppended = onAppended
  }

  log(id: string): readonly string[] {
    return this.#log(id)
  }

  append(log: string, entry: object): number {
    const seq = this.#log(log).length + 1
    const common = { from: 'an', cid: `cid-${++this.#cids}`, at: '2026-01-01T00:00:00Z' }
    const encoded = encodeEntry(seq, JSON.stringify({ ...entry, ...common }).slice(1))
    this.#log(log).push(encoded)
    this.#onAppended(log, seq, encoded)
    return seq
  }

  roleOf(conv: string, user: string): Role | undefined {
    return this.#members.get(conv)?.has(user) ? 'member' : undefined
  }

  refsOf(user: string): ConversationRef[] {
    const sides = must(this.#sides.get(user))
    return [...sides].map(([conv, seq]) => ({ conv, kind: 'group' as const, read: { seq } }))
  }

  /** False when the entry came after the person's removal, and they were connected before it. */
  mayReceive(log: string, seq: number, user: string, readySince: number): boolean {
    const removal = this.#removals.get(`${log}/${user}`)
    // Whoever connected while the removal was under way may hear of it by their own log only.
    return removal === undefined || seq <= removal.seq || readySince > removal.step
  }

  /** Somebody's membership goes one step further, or begins to change. */
  advanceSaga(user: string, conv: string): void {
    const running = this.#sagas.find((saga) => saga.user === user && saga.conv === conv)
    const saga = running ?? this.#begin(user, conv)
    saga.steps.shift()?.()
    this.#sagas = this.#sagas.filter(({ steps }) => steps.length > 0)
  }

  finishSagas(): void {
    for (const { steps } of this.#sagas.splice(0)) {
      for (const step of steps) {
        step()
      }
    }
  }

  #log(id: string): string[] {
    const log = this.#logs.get(id) ?? []
    this.#logs.set(id, log)
    return log
  }

  #begin(user: string, conv: string): Saga {
    const isMember = this.roleOf(conv, user) !== undefined
    const saga = { user, conv, steps: isMember ? this.#leaving(user, conv) : this.#joining(user, conv) }
    this.#sagas.push(saga)
    return saga
  }

  #leaving(user: string, conv: string): (() => void)[] {
    return [
      () => void this.#members.get(conv)?.delete(user),
      () => {
        const seq = this.append(conv, { type: 'member', change: 'removed', user })
        this.#removals.set(`${conv}/${user}`, { seq, step: this.step })
      },
      () => void this.#sides.get(user)?.delete(conv),
      () => void this.append(user, { type: 'left', conv }),
    ]
  }

  #joining(user: string, conv: string): (() => void)[] {
    let head = 0
    return [
      () => {
        this.#members.get(conv)?.add(user)
        this.#removals.delete(`${conv}/${user}`)
      },
      () => void (head = this.append(conv, { type: 'member', change: 'added', user, role: 'member' })),
      () => void this.#sides.get(user)?.set(conv, head),
      () => void this.append(user, { type: 'joined', conv, kind: 'group', title: conv, head }),
    ]
  }
}
