/** How many avatar colours the tokens have (`--avatar-0` …). */
export const AVATAR_COLOURS = 8

/**
 * The letter of an avatar: the initial of the *last* word, because Vietnamese people go by it and most share a
 * family name. Emoji and signs are passed over; a name without any letter or digit gives its first character.
 */
export function initialOf(name: string): string {
  const words = name
    .normalize('NFC')
    .replaceAll(/\([^)]*\)/g, ' ')
    .trim()
    .split(/\s+/u)
  for (const word of words.toReversed()) {
    const letter = /[\p{L}\p{N}]\p{M}*/u.exec(word)
    if (letter !== null) {
      return letter[0].toLocaleUpperCase()
    }
  }
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())
  return first?.segment ?? ''
}

/** Titles read from the front: the first letter or digit. */
export function initialOfTitle(title: string): string {
  return /[\p{L}\p{N}]\p{M}*/u.exec(title.normalize('NFC'))?.[0].toLocaleUpperCase() ?? '#'
}

/** The colour of an id, 0 to 7; the same everywhere and for ever (FNV-1a). */
export function colourOf(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % AVATAR_COLOURS
}
