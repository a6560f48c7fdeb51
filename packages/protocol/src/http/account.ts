import { z } from 'zod'
import { PASSWORD_MAX, PASSWORD_MIN } from '../limits.ts'
import { isStorable } from '../text.ts'
import { Bio, Locale, Me, Name, PresenceSettings, StatusText, Username } from '../user.ts'
import { ServerId, Timestamp } from '../ids.ts'

/** NFC, case kept, never truncated; spaces count. */
export const Password = z
  .string()
  .max(PASSWORD_MAX * 4)
  .refine(isStorable, 'must be valid Unicode without U+0000')
  .transform((password) => password.normalize('NFC'))
  .refine((password) => password.length >= PASSWORD_MIN, `must have at least ${PASSWORD_MIN} characters`)
  .refine((password) => password.length <= PASSWORD_MAX, `must have at most ${PASSWORD_MAX} characters`)

export const RegisterBody = z
  .strictObject({
    username: Username,
    password: Password,
    name: Name.optional(),
    email: z.email().max(254).optional(),
    locale: Locale.optional(),
  })
  .meta({ id: 'RegisterBody' })
export type RegisterBody = z.infer<typeof RegisterBody>

/** A wrong length is a wrong password here, not a broken request. */
export const LoginBody = z
  .strictObject({
    login: z.string().min(1).max(254),
    password: z
      .string()
      .min(1)
      .max(PASSWORD_MAX * 4),
  })
  .meta({ id: 'LoginBody' })
export type LoginBody = z.infer<typeof LoginBody>

/** The answer to register, login and refresh; the refresh token travels in the cookie only. */
export const Session = z
  .object({ user: Me, accessToken: z.string(), /** Seconds. */ expiresIn: z.int() })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const MeReply = z.object({ user: Me })
export type MeReply = z.infer<typeof MeReply>

/** Only the fields present change. */
export const MePatch = z
  .strictObject({
    name: Name.optional(),
    bio: Bio.optional(),
    status: StatusText.optional(),
    locale: Locale.optional(),
    /** null removes the avatar; a new one is uploaded by PUT /api/me/avatar. */
    avatar: z.null().optional(),
    presence: z.strictObject(PresenceSettings.shape).partial().optional(),
  })
  .meta({ id: 'MePatch' })
export type MePatch = z.infer<typeof MePatch>

export const PasswordBody = z.strictObject({
  current: z
    .string()
    .min(1)
    .max(PASSWORD_MAX * 4),
  password: Password,
})
export type PasswordBody = z.infer<typeof PasswordBody>

/** One signed-in device. */
export const Login = z
  .object({
    id: ServerId,
    current: z.boolean(),
    device: z.string(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
  })
  .meta({ id: 'Login' })
export type Login = z.infer<typeof Login>

export const LoginsReply = z.object({ logins: z.array(Login) })
export type LoginsReply = z.infer<typeof LoginsReply>
