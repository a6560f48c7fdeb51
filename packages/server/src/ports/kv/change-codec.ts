import type { Change, Expectation, Put } from './kv.ts'

/**
 * Many commits as one string and one array of numbers: that crosses to a Worker several times faster than objects.
 * `text` is every string in turn; `layout` holds their lengths and the counts between them.
 */
export interface EncodedCommits {
  readonly text: string
  readonly layout: Int32Array
}

export interface PartitionChange {
  readonly partition: string
  readonly change: Change
}

/** Stands in `layout` for a rev of null and for a missing ttl. */
const NONE = -1

const NO_EXPECTATIONS: readonly Expectation[] = []
const NO_PUTS: readonly Put[] = []
const NO_KEYS: readonly string[] = []

export function encodeCommits(commits: readonly PartitionChange[]): EncodedCommits {
  const layout: number[] = [commits.length]
  let text = ''
  for (const { partition, change } of commits) {
    const { expect = NO_EXPECTATIONS, put = NO_PUTS, delete: deleted = NO_KEYS } = change
    layout.push(partition.length, expect.length, put.length, deleted.length)
    text += partition
    for (const { key, rev } of expect) {
      layout.push(key.length, rev === null ? NONE : rev.length)
      text += rev === null ? key : key + rev
    }
    for (const { key, value, ttl } of put) {
      layout.push(key.length, value.length, ttl === undefined ? NONE : Math.ceil(ttl))
      text += key + value
    }
    for (const key of deleted) {
      layout.push(key.length)
      text += key
    }
  }
  return { text, layout: Int32Array.from(layout) }
}

export function* decodeCommits({ text, layout }: EncodedCommits): Generator<Required<PartitionChange>> {
  let at = 0
  let offset = 0
  const number = () => layout[at++] as number
  const string = (length: number) => text.slice(offset, (offset += length))
  for (let commits = number(); commits > 0; commits--) {
    const partitionLength = number()
    const [expects, puts, deletes] = [number(), number(), number()]
    const partition = string(partitionLength)
    const expect = list(expects, (): Expectation => {
      const [keyLength, revLength] = [number(), number()]
      return { key: string(keyLength), rev: revLength === NONE ? null : string(revLength) }
    })
    const put = list(puts, (): Put => {
      const [keyLength, valueLength, ttl] = [number(), number(), number()]
      const row = { key: string(keyLength), value: string(valueLength) }
      return ttl === NONE ? row : { ...row, ttl }
    })
    yield { partition, change: { expect, put, delete: list(deletes, () => string(number())) } }
  }
}

function list<Item>(length: number, make: () => Item): Item[] {
  const items: Item[] = []
  for (let index = 0; index < length; index++) {
    items.push(make())
  }
  return items
}
