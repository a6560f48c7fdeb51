import type { AccountRow } from './account-row.ts'
import { prefixEnd } from '../ports/kv/kv.ts'
import { type StoreDeps, commit } from './commit.ts'
import { wordsOf } from './people-words.ts'

/** Rows read for one word of a query; a word that begins more names than this narrows nothing down. */
const SCAN_MAX = 500

type Person = Pick<AccountRow, 'id' | 'name' | 'username'>

/** A row of the index as it was when it was listed. */
export interface IndexedWord {
  readonly word: string
  /** Null when there was no row. */
  readonly rev: string | null
}

/**
 * People by word: the row `<folded word>/<user>` in the partition of the word's first character, so that a prefix
 * reads one partition. Rows may be stale after a crash; whoever reads them checks the account again.
 */
export class PeopleIndex {
  readonly #deps: StoreDeps

  constructor(deps: StoreDeps) {
    this.#deps = deps
  }

  /** Adds or renews the rows of all words of a person. */
  async add(person: Person): Promise<void> {
    await Promise.all([...wordsOf(person)].map((word) => this.#put(word, person.id)))
  }

  /** The rows of a person's words as they are now. */
  async rows(person: Person): Promise<IndexedWord[]> {
    const words = [...wordsOf(person)]
    const rows = await this.#deps.kv.getMany(
      words.map((word) => ({ partition: partitionOf(word), key: keyOf(word, person.id) })),
    )
    return words.map((word, index) => ({ word, rev: rows[index]?.rev ?? null }))
  }

  /** Removes the listed rows of words that the person has no more, unless somebody renewed them since. */
  async remove(person: Person, listed: readonly IndexedWord[]): Promise<void> {
    const kept = wordsOf(person)
    await Promise.all(
      listed
        .filter(({ word, rev }) => rev !== null && !kept.has(word))
        .map(({ word, rev }) => {
          const key = keyOf(word, person.id)
          return commit(this.#deps, partitionOf(word), { expect: [{ key, rev }], delete: [key] })
        }),
    )
  }

  /** Ids of people who may match all words, at most SCAN_MAX: taken from the rarest word. */
  async candidates(words: readonly string[]): Promise<string[]> {
    const found = await Promise.all(words.map((word) => this.#startingWith(word)))
    const [rarest = [], ...others] = found.sort((a, b) => a.length - b.length)
    const complete = others.filter((ids) => ids.length < SCAN_MAX).map((ids) => new Set(ids))
    return [...new Set(rarest)].filter((id) => complete.every((ids) => ids.has(id)))
  }

  async #startingWith(word: string): Promise<string[]> {
    const rows = await this.#deps.kv.scan(partitionOf(word), {
      from: word,
      to: prefixEnd(word),
      limit: SCAN_MAX,
    })
    return rows.map(({ key }) => key.slice(key.indexOf('/') + 1))
  }

  async #put(word: string, user: string): Promise<void> {
    await commit(this.#deps, partitionOf(word), { put: [{ key: keyOf(word, user), value: '' }] })
  }
}

function keyOf(word: string, user: string): string {
  return `${word}/${user}`
}

function partitionOf(word: string): string {
  return `people/${word.codePointAt(0)?.toString(16) ?? ''}`
}
