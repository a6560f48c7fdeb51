import { z } from 'zod'
import { User } from '../user.ts'

/** `query` (marks folded, prefix of any word of the name or of the username) or `ids` (comma-separated, ≤ 100). */
export const UsersReply = z.object({ users: z.array(User) })
export type UsersReply = z.infer<typeof UsersReply>
export const UserReply = z.object({ user: User })
export type UserReply = z.infer<typeof UserReply>
