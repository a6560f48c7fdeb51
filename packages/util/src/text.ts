const INVISIBLE = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u

/** True when nobody would see anything of `text`: blanks, controls, zero-width characters and fillers only. */
export function isBlank(text: string): boolean {
  return INVISIBLE.test(text)
}
