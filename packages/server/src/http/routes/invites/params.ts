import { z } from 'zod'

/** What cannot be a token is unknown like any other, not a wrong request. */
export const InviteParams = z.strictObject({ token: z.string().min(1).max(128) })
