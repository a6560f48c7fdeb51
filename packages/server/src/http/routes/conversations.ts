import type { Conversations } from '../../conversations/conversations.ts'
import type { Api } from '../context.ts'
import { addMembersRoute } from './conversations/add-members.ts'
import { createInviteRoute } from './conversations/create-invite.ts'
import { createConversationRoute } from './conversations/create.ts'
import { getConversationRoute } from './conversations/get.ts'
import { joinChannelRoute } from './conversations/join.ts'
import { listInvitesRoute } from './conversations/list-invites.ts'
import { listMembersRoute } from './conversations/list-members.ts'
import { listConversationsRoute } from './conversations/list.ts'
import { patchConversationRoute } from './conversations/patch.ts'
import { removeMemberRoute } from './conversations/remove-member.ts'
import { revokeInviteRoute } from './conversations/revoke-invite.ts'
import { setRoleRoute } from './conversations/set-role.ts'

export function addConversationRoutes(api: Api, conversations: Conversations): void {
  createConversationRoute(api, conversations)
  listConversationsRoute(api, conversations)
  getConversationRoute(api, conversations)
  patchConversationRoute(api, conversations)
  listMembersRoute(api, conversations)
  addMembersRoute(api, conversations)
  setRoleRoute(api, conversations)
  removeMemberRoute(api, conversations)
  joinChannelRoute(api, conversations)
  createInviteRoute(api, conversations)
  listInvitesRoute(api, conversations)
  revokeInviteRoute(api, conversations)
}
