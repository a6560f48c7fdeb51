import { fold } from '@tam/protocol/fold'
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN, USERNAME_MAX, USERNAME_MIN } from '@tam/protocol/limits'
import type { authText } from '../../i18n/auth.ts'

type Texts = (typeof authText)['vi']

/** What is wrong by field; a missing field is right. */
export type FieldErrors = Partial<Record<'name' | 'username' | 'password' | 'login', string>>

const USERNAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/

export function checkLogin(values: { login: string; password: string }, t: Texts): FieldErrors {
  return {
    ...(values.login.trim() === '' && { login: t.needLogin }),
    ...(values.password === '' && { password: t.needPassword }),
  }
}

/** The server decides; this only spares a round trip for what it would certainly refuse. */
export function checkRegistration(
  values: { name: string; username: string; password: string },
  t: Texts,
): FieldErrors {
  const username = values.username.trim().toLowerCase()
  const password = checkPassword(values.password, t)
  const rightLength = username.length >= USERNAME_MIN && username.length <= USERNAME_MAX
  return {
    ...(values.name.trim() === '' && { name: t.needName }),
    ...(!(rightLength && USERNAME.test(username)) && { username: t.badUsername(USERNAME_MIN, USERNAME_MAX) }),
    ...(password !== undefined && { password }),
  }
}

/** What is wrong with a new password; undefined when nothing is. */
export function checkPassword(password: string, t: Texts): string | undefined {
  const { length } = password.normalize('NFC')
  if (length < PASSWORD_MIN) {
    return t.shortPassword(PASSWORD_MIN)
  }
  return length > PASSWORD_MAX ? t.longPassword(PASSWORD_MAX) : undefined
}

/** The server's `errors[]` in the reader's language; the server's own words for a field without a sentence. */
export function fieldErrors(errors: readonly { field: string; message: string }[], t: Texts): FieldErrors {
  const sentences: Record<string, string> = {
    name: t.badName(NAME_MAX),
    username: t.badUsername(USERNAME_MIN, USERNAME_MAX),
    // A short one does not leave the form; at sign-in only a long one is refused.
    password: t.longPassword(PASSWORD_MAX),
  }
  return Object.fromEntries(errors.map(({ field, message }) => [field, sentences[field] ?? message]))
}

/** A user name to begin with: `Đặng Thanh Trúc` → `truc.dang`. Empty when the name has no letters to make one of. */
export function suggestUsername(name: string): string {
  const words = fold(name)
    .split(/\s+/)
    .map((word) => word.replaceAll(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '')
  const first = words[0]
  const last = words.at(-1)
  if (first === undefined || last === undefined) {
    return ''
  }
  return (words.length === 1 ? first : `${last}.${first}`).slice(0, USERNAME_MAX)
}
