/*
 * What a server says now and then of the logs it appended to: `<node> <number> <d|e>`, then `<log> <seq>`, one per
 * line. Digests of one server are numbered without a hole, so that whoever hears them knows when one was lost.
 */

/** How far a log is, or that it may be further than anybody was told. */
export interface ToldHead {
  readonly log: string
  /** 0: not known. */
  readonly seq: number
}

export interface Digest {
  readonly node: string
  /** 1, 2, 3 … */
  readonly number: number
  /** The server ends: it has told everything. */
  readonly isLast: boolean
  readonly heads: readonly ToldHead[]
}

export function encodeDigest({ node, number, isLast, heads }: Digest): string {
  const lines = heads.map(({ log, seq }) => `\n${log} ${seq}`)
  return `${node} ${number} ${isLast ? 'e' : 'd'}${lines.join('')}`
}

/** Undefined for a message that is none of ours. */
export function decodeDigest(message: string): Digest | undefined {
  const [first = '', ...lines] = message.split('\n')
  const [, node, digits, kind] = /^(\S+) (\d+) ([de])$/.exec(first) ?? []
  const number = Number(digits)
  const heads = lines.map(decodeHead)
  return node === undefined || !isCount(number) || number === 0 || heads.includes(undefined)
    ? undefined
    : { node, number, isLast: kind === 'e', heads: heads.filter((head) => head !== undefined) }
}

function decodeHead(line: string): ToldHead | undefined {
  const end = line.indexOf(' ')
  const seq = Number(line.slice(end + 1) || NaN)
  return end > 0 && isCount(seq) ? { log: line.slice(0, end), seq } : undefined
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
