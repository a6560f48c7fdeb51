/** Edits beyond which a name is not a misspelling of another. */
const DISTANCE_MAX = 4

/** Characters from which on the beginning of a name says which one is meant. */
const CUT_MIN = 6

/** The known name that `name` is probably a misspelling or the beginning of. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const cut = known.find((candidate) => name.length >= CUT_MIN && bare(candidate).startsWith(bare(name)))
  if (cut !== undefined) {
    return cut
  }
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
  const [nearest] = ranked
  return nearest && nearest.distance <= DISTANCE_MAX ? nearest.candidate : undefined
}

function bare(name: string): string {
  return name.replaceAll('_', '')
}

/** Insertions, deletions and substitutions that turn `a` into `b` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
