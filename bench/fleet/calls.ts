/** Calls of the store between two readings. */
export function callsBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...after].map(([what, count]) => [what, count - (before.get(what) ?? 0)]))
}

/** Of the user's partition: `list`s of their conversations, `positions` they have read. Of logs: heads and windows. */
export interface Reads {
  readonly userScans: number
  readonly userRows: number
  readonly loginRows: number
  readonly memberRows: number
  readonly heads: number
  readonly windows: number
  readonly logRows: number
  readonly commits: number
}

export function readsOf(calls: ReadonlyMap<string, number>): Reads {
  const sum = (pattern: RegExp) =>
    [...calls].reduce((total, [what, count]) => total + (pattern.test(what) ? count : 0), 0)
  return {
    userScans: sum(/^scan user /),
    userRows: sum(/^(get|row) user /),
    loginRows: sum(/^(get|row) login /),
    memberRows: sum(/^(get|row) conv /),
    heads: sum(/^scan log m newest$/),
    windows: sum(/^scan log m$/),
    logRows: sum(/^(get|row) log /),
    commits: sum(/^commit /),
  }
}
