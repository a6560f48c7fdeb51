/** Emoji in one message up to which they are drawn large. */
export const LARGE_EMOJI_MAX = 6

// Made at run time: the `v` flag is newer than the language level of the build.
const ONLY_EMOJI = new RegExp(`^(?:\\p{RGI_Emoji}\\s*){1,${LARGE_EMOJI_MAX}}$`, 'v')

/** True when the message is one to six emoji and nothing else. */
export function isEmojiOnly(text: string): boolean {
  // The longest emoji sequences have 15 units; longer text cannot match and need not be looked at.
  return text.length <= LARGE_EMOJI_MAX * 16 && ONLY_EMOJI.test(text.trim())
}
