import type { composerText } from '../../i18n/composer.ts'
import { END_ISOLATE, ISOLATE } from '../../i18n/isolate.ts'

/** Who is typing, as a sentence whose names are set apart for `splitNames`; empty when nobody is. */
export function typingSentence(names: readonly string[], t: (typeof composerText)['vi']): string {
  const [first, second] = names.map((name) => `${ISOLATE}${name}${END_ISOLATE}`)
  if (first === undefined) {
    return ''
  }
  if (second === undefined) {
    return t.typingOne(first)
  }
  return names.length === 2 ? t.typingTwo(first, second) : t.typingMany(first, second, names.length - 2)
}

export interface SentencePart {
  readonly text: string
  readonly isName: boolean
}

/** The sentence in parts, names apart: they are drawn bold. */
export function splitNames(sentence: string): readonly SentencePart[] {
  return sentence
    .split(new RegExp(`${ISOLATE}([^${END_ISOLATE}]*)${END_ISOLATE}`))
    .map((text, index) => ({ text, isName: index % 2 === 1 }))
    .filter(({ text }) => text !== '')
}
