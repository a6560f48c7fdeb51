import { z } from 'zod'
import { ServerId, Timestamp } from './ids.ts'
import { BIO_MAX, HIDDEN_FROM_MAX, NAME_MAX, STATUS_MAX, USERNAME_MAX, USERNAME_MIN } from './limits.ts'
import { label, line, paragraph } from './text.ts'

/** Lower-case ASCII, unique; what people log in with. */
export const Username = z
  .string()
  .transform((name) => name.trim().toLowerCase())
  .refine(
    (name) =>
      name.length >= USERNAME_MIN &&
      name.length <= USERNAME_MAX &&
      /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(name),
    `must be ${USERNAME_MIN} to ${USERNAME_MAX} of a-z 0-9 . _ - and begin and end with a letter or digit`,
  )

export const Name = label(NAME_MAX)
export const Bio = paragraph(BIO_MAX)
export const StatusText = line(STATUS_MAX)
export const Locale = z.enum(['vi', 'en'])

/** What everybody signed in may see of a person. */
export const User = z
  .object({
    id: ServerId,
    username: z.string(),
    name: z.string(),
    /** Path of the avatar on this server, or null. */
    avatar: z.string().nullable(),
    bio: z.string(),
    status: z.string(),
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>

/** Who sees of a person whether they are here, and how they want to be left alone. */
export const PresenceSettings = z
  .object({
    /** Do not disturb. */
    dnd: z.boolean(),
    /** contacts: those one shares a conversation with. Nobody else is ever shown anything. */
    visibility: z.enum(['contacts', 'nobody']),
    /** Contacts who see nothing all the same. */
    hiddenFrom: z.array(ServerId).max(HIDDEN_FROM_MAX),
  })
  .meta({ id: 'PresenceSettings' })
export type PresenceSettings = z.infer<typeof PresenceSettings>

export const DEFAULT_PRESENCE: PresenceSettings = { dnd: false, visibility: 'contacts', hiddenFrom: [] }

/** What a person sees of themself. */
export const Me = User.extend({
  presence: PresenceSettings,
  email: z.string().nullable(),
  locale: Locale,
  createdAt: Timestamp,
}).meta({ id: 'Me' })
export type Me = z.infer<typeof Me>
