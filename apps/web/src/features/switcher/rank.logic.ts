import { fold } from '@tam/protocol/fold'

/** Anything one can go to by name. */
export interface Candidate {
  readonly id: string
  /** What is shown. */
  readonly name: string
  /** Also searched, such as a user name. */
  readonly alias?: string
}

/** A candidate with its texts prepared once, so that a keystroke over thousands costs only comparisons. */
export interface Prepared<C extends Candidate> {
  readonly candidate: C
  readonly exact: string
  readonly folded: string
  readonly words: readonly string[]
}

const SEPARATORS = /[\s\-_.–,/#()]+/u

export function prepare<C extends Candidate>(candidate: C): Prepared<C> {
  const text = `${candidate.name} ${candidate.alias ?? ''}`.normalize('NFC').toLowerCase()
  const folded = fold(text)
  return { candidate, exact: text, folded, words: folded.split(SEPARATORS) }
}

/**
 * Those whose words begin with every word of `query`, best first. `duong` and `DUONG` find `Dương`; a query typed
 * with its marks puts exact hits first. Among equals the given order stays.
 */
export function rank<C extends Candidate>(
  query: string,
  candidates: readonly Prepared<C>[],
  limit: number,
): C[] {
  const exact = query.normalize('NFC').toLowerCase().trim()
  const folded = fold(exact)
  const words = folded.split(SEPARATORS).filter((word) => word !== '')
  if (words.length === 0) {
    return []
  }
  const scored: { candidate: C; score: number; index: number }[] = []
  for (const [index, prepared] of candidates.entries()) {
    const score = scoreOf(prepared, exact, folded, words)
    if (score > 0) {
      scored.push({ candidate: prepared.candidate, score, index })
    }
  }
  scored.sort((a, b) => b.score - a.score || a.index - b.index)
  return scored.slice(0, limit).map(({ candidate }) => candidate)
}

function scoreOf(
  prepared: Prepared<Candidate>,
  exact: string,
  folded: string,
  words: readonly string[],
): number {
  const everyWordBegins = words.every((word) =>
    prepared.words.some((candidate) => candidate.startsWith(word)),
  )
  if (!everyWordBegins && !prepared.folded.includes(folded)) {
    return 0
  }
  const begins = prepared.folded.startsWith(folded) ? 2 : 0
  const wholeWords = words.every((word) => prepared.words.includes(word)) ? 2 : 0
  // Marks typed are marks meant: they outweigh everything else.
  const marks = exact !== folded && prepared.exact.includes(exact) ? 16 : 0
  return 1 + (everyWordBegins ? 4 : 0) + begins + wholeWords + marks
}
