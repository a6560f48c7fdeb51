/**
 * The leases of one chat server in one shard: one value, one expiry, one renewal for all of them. The head is
 * `<seq> <asOf>`; then one line per person. `seq` grows with every change, `asOf` with every renewal.
 */
export interface Roster {
  readonly seq: number
  /** The chat server's clock, milliseconds since the Unix epoch. */
  readonly asOf: number
  readonly lines: readonly string[]
}

export function encodeRoster({ seq, asOf, lines }: Roster): string {
  return `${seq} ${asOf}\n${lines.join('\n')}`
}

/** The head alone: whether anything changed is known before any line is looked at. */
export function decodeHead(text: string): Omit<Roster, 'lines'> {
  const end = text.indexOf('\n')
  const [seq, asOf] = text.slice(0, end).split(' ')
  return { seq: Number(seq), asOf: Number(asOf) }
}

export function decodeLines(text: string): string[] {
  const body = text.slice(text.indexOf('\n') + 1)
  return body === '' ? [] : body.split('\n')
}
