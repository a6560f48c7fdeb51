import { z } from 'zod'

/** direct: exactly two people · group: by invitation · channel: found and joined by anybody when public. */
export const Kind = z.enum(['direct', 'group', 'channel'])
export type Kind = z.infer<typeof Kind>

/** owner ⊃ admin ⊃ member. A direct conversation has two members. */
export const Role = z.enum(['owner', 'admin', 'member'])
export type Role = z.infer<typeof Role>
