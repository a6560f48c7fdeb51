import { fold } from '@tam/protocol'

/** Words of one person that the index holds. */
const WORDS_MAX = 16
/** Words of one query that count. */
export const QUERY_WORDS_MAX = 6
const WORD_LENGTH_MAX = 40
const WORD = /[\p{L}\p{N}\p{M}]+/gu

interface Named {
  readonly name: string
  readonly username: string
}

/** The folded words by which a person is found. */
export function wordsOf({ name, username }: Named): Set<string> {
  return new Set(foldedWords(`${name} ${username}`).slice(0, WORDS_MAX))
}

/** The folded words a query asks for: each must begin a word of the person. */
export function queryWords(query: string): string[] {
  return [...new Set(foldedWords(query))].slice(0, QUERY_WORDS_MAX)
}

/** True when every word of the folded query begins a word of the person. */
export function matches(person: Named, words: readonly string[]): boolean {
  const own = [...wordsOf(person)]
  return words.every((word) => own.some((candidate) => candidate.startsWith(word)))
}

/** How near a person is to the query as it was typed; lower is nearer. */
export function rank(person: Named, query: string): number {
  const own = accentedWords(`${person.name} ${person.username}`)
  const asked = accentedWords(query)
  if (!asked.every((word) => own.some((candidate) => candidate.startsWith(word)))) {
    return 2
  }
  return asked.every((word) => own.includes(word)) ? 0 : 1
}

function foldedWords(text: string): string[] {
  return (fold(text).match(WORD) ?? []).map((word) => word.slice(0, WORD_LENGTH_MAX))
}

function accentedWords(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(WORD) ?? []
}
