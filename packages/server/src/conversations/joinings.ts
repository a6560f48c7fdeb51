import { AppError } from '../errors.ts'
import type { Kv } from '../ports/kv/kv.ts'
import type { Changes, Deciding, Draft } from './changes.ts'
import { CHANGES_WAITING_MAX, JOINERS_MAX, MEMBERS_MAX } from './limits.ts'
import { putMember, rolesOf } from './membership.ts'

export interface JoiningsDeps {
  readonly kv: Pick<Kv, 'getMany'>
  readonly changes: Pick<Changes, 'change'>
}

/** Somebody who is about to join. */
interface Joiner {
  readonly user: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  /** Why they may not, as decided last. */
  refusal?: AppError | undefined
}

/**
 * Joins public channels. Those who come while a change of the channel is under way become members together, by the
 * next one: a crowd costs a few changes, not one each.
 */
export class Joinings {
  readonly #deps: JoiningsDeps
  /** Those waiting, by conversation; present while somebody works on them. */
  readonly #crowds = new Map<string, Joiner[]>()

  constructor(deps: JoiningsDeps) {
    this.#deps = deps
  }

  /** @throws AppError `not_found`, `forbidden` when the channel is full, and what a change throws */
  join(conv: string, user: string): Promise<void> {
    const crowd = this.#crowds.get(conv)
    if (crowd !== undefined && crowd.length >= CHANGES_WAITING_MAX) {
      return Promise.reject(new AppError('unavailable'))
    }
    return new Promise((resolve, reject) => {
      const joiner = { user, resolve, reject }
      if (crowd === undefined) {
        void this.#admit(conv, [joiner])
      } else {
        crowd.push(joiner)
      }
    })
  }

  async #admit(conv: string, crowd: Joiner[]): Promise<void> {
    this.#crowds.set(conv, crowd)
    while (crowd.length > 0) {
      await this.#admitSome(conv, crowd)
    }
    this.#crowds.delete(conv)
  }

  async #admitSome(conv: string, crowd: Joiner[]): Promise<void> {
    const [first] = crowd
    const some: Joiner[] = []
    try {
      await this.#deps.changes.change(conv, first?.user ?? '', (deciding) => {
        // Whoever came while the change was waiting comes along.
        some.push(...crowd.splice(0, JOINERS_MAX - some.length))
        return this.#decide(conv, deciding, some)
      })
      settle(some)
    } catch (error) {
      const failed = some.length > 0 ? some : crowd.splice(0)
      failed.forEach(({ reject }) => reject(error))
    }
  }

  async #decide(conv: string, deciding: Deciding, joiners: readonly Joiner[]): Promise<Draft | undefined> {
    const { meta } = deciding
    const users = [...new Set(joiners.map(({ user }) => user))]
    const roles = await rolesOf(this.#deps.kv, conv, users)
    const strangers = users.filter((_, index) => roles[index] === undefined)
    const isOpen = meta.kind === 'channel' && meta.public && meta.members > 0
    const admitted = isOpen ? strangers.slice(0, MEMBERS_MAX.channel - meta.members) : []
    const refused = new Set(strangers.slice(admitted.length))
    for (const joiner of joiners) {
      joiner.refusal = refused.has(joiner.user) ? refusalOf(isOpen) : undefined
    }
    return admitted.length === 0
      ? undefined
      : {
          event: { type: 'joined', users: admitted },
          meta: { members: meta.members + admitted.length },
          put: admitted.map((user) => putMember(deciding, user, 'member')),
        }
  }
}

function refusalOf(isOpen: boolean): AppError {
  return isOpen
    ? new AppError('forbidden', { detail: `At most ${MEMBERS_MAX.channel} members` })
    : new AppError('not_found')
}

function settle(joiners: readonly Joiner[]): void {
  for (const { refusal, resolve, reject } of joiners) {
    if (refusal === undefined) {
      resolve()
    } else {
      reject(refusal)
    }
  }
}
