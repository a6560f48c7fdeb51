import type { Conversations } from '../../conversations/conversations.ts'
import type { Api } from '../context.ts'
import { acceptInviteRoute } from './invites/accept.ts'
import { previewInviteRoute } from './invites/preview.ts'

export function addInviteRoutes(
  api: Api,
  conversations: Pick<Conversations, 'previewInvite' | 'acceptInvite'>,
): void {
  previewInviteRoute(api, conversations)
  acceptInviteRoute(api, conversations)
}
