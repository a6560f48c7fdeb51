import type { MembershipEvent } from './event.ts'
import type { History } from './history.ts'
import { cidKey } from './history.ts'

/** A time during which somebody was certainly no member: from a confirmed removal to the asking for the next addition. */
export interface Absence {
  readonly from: number
  readonly to: number
}

/** Certain absences of every (conversation, user) that has any, in order of time. */
export class Absences {
  readonly #byMember = new Map<string, Absence[]>()

  constructor({ memberships }: History) {
    const changes = Map.groupBy(memberships, ({ conv, user }) => cidKey(user, conv))
    for (const [member, ofMember] of changes) {
      this.#byMember.set(member, absencesOf(ofMember.toSorted((a, b) => a.at - b.at)))
    }
  }

  of(conv: string, user: string): readonly Absence[] {
    return this.#byMember.get(cidKey(user, conv)) ?? []
  }

  /** The absence that `at` falls into. */
  at(conv: string, user: string, at: number): Absence | undefined {
    return this.of(conv, user).find(({ from, to }) => from <= at && at < to)
  }

  /** Whether the person was a member during all of it, as far as is certain. */
  isMemberThroughout(conv: string, user: string, from: number, to: number): boolean {
    return !this.of(conv, user).some((absence) => absence.from <= to && from < absence.to)
  }

  get size(): number {
    return this.#byMember.values().reduce((sum, absences) => sum + absences.length, 0)
  }
}

function absencesOf(changes: readonly MembershipEvent[]): Absence[] {
  return changes.flatMap(({ change, until }, index) =>
    change === 'removed'
      ? [
          {
            from: until,
            to: changes.slice(index + 1).find((next) => next.change !== 'removed')?.at ?? Infinity,
          },
        ]
      : [],
  )
}
