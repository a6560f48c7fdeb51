import { ServerId } from '@tam/protocol'
import { z } from 'zod'

export const ConversationParams = z.strictObject({ id: ServerId })
export const MemberParams = z.strictObject({ id: ServerId, userId: ServerId })
export const ConversationInviteParams = z.strictObject({ id: ServerId, inviteId: ServerId })
