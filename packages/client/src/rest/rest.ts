import type {
  Channel,
  Conversation,
  Invite,
  InvitePreview,
  InviteSummary,
  Login,
  Me,
  Member,
  User,
} from '@tam/protocol'
import type { Rest } from '../api.ts'
import { listIn, objectIn } from './answer.ts'
import { UPLOAD_TIMEOUT_MS, type HttpCall } from './http.ts'

export interface RestDependencies {
  /** Sends with a valid access token; refreshes once after a 401. */
  readonly send: (call: HttpCall) => Promise<unknown>
  /** People and conversations in answers are news to the stores as well. */
  readonly onUsers: (users: readonly User[]) => void
  readonly onConversation: (conversation: Conversation) => void
  readonly onMe: (me: Me) => void
}

/** The typed calls of the HTTP API. */
export function createRest(dependencies: RestDependencies): Rest {
  return {
    ...accountCalls(dependencies),
    ...peopleCalls(dependencies),
    ...conversationCalls(dependencies),
    ...inviteCalls(dependencies),
  }
}

const id = encodeURIComponent

function accountCalls({
  send,
  onMe,
}: RestDependencies): Pick<Rest, 'patchMe' | 'uploadAvatar' | 'changePassword' | 'logins' | 'revokeLogin'> {
  const seenMe = (answer: unknown) => {
    const me = objectIn<Me>(answer, 'user')
    onMe(me)
    return me
  }
  return {
    patchMe: async (json) => seenMe(await send({ method: 'PATCH', path: '/api/me', json })),
    async uploadAvatar(blob) {
      const headers = { 'content-type': blob.type }
      const timeoutMs = UPLOAD_TIMEOUT_MS
      return seenMe(await send({ method: 'PUT', path: '/api/me/avatar', blob, headers, timeoutMs }))
    },
    async changePassword(json) {
      await send({ method: 'POST', path: '/api/me/password', json })
    },
    logins: async () => listIn<Login>(await send({ method: 'GET', path: '/api/logins' }), 'logins'),
    async revokeLogin(login) {
      await send({ method: 'DELETE', path: `/api/logins/${id(login)}` })
    },
  }
}

function peopleCalls({
  send,
  onUsers,
}: RestDependencies): Pick<
  Rest,
  'searchUsers' | 'user' | 'members' | 'addMembers' | 'setRole' | 'removeMember'
> {
  const seenMembers = (answer: unknown) => {
    const members = listIn<Member>(answer, 'members')
    onUsers(members.map((member) => member.user))
    return members
  }
  const membersOf = (conversation: string) => `/api/conversations/${id(conversation)}/members`
  return {
    async searchUsers(query, signal) {
      const answer = await send({ method: 'GET', path: `/api/users?query=${id(query)}`, signal })
      const users = listIn<User>(answer, 'users')
      onUsers(users)
      return users
    },
    async user(wanted, signal) {
      const answer = await send({ method: 'GET', path: `/api/users/${id(wanted)}`, signal })
      const user = objectIn<User>(answer, 'user')
      onUsers([user])
      return user
    },
    members: async (conversation, signal) =>
      seenMembers(await send({ method: 'GET', path: membersOf(conversation), signal })),
    addMembers: async (conversation, json) =>
      seenMembers(await send({ method: 'POST', path: membersOf(conversation), json })),
    async setRole(conversation, user, role) {
      await send({ method: 'PATCH', path: `${membersOf(conversation)}/${id(user)}`, json: { role } })
    },
    async removeMember(conversation, user) {
      await send({ method: 'DELETE', path: `${membersOf(conversation)}/${id(user)}` })
    },
  }
}

type ConversationCalls = Pick<
  Rest,
  'createConversation' | 'patchConversation' | 'browseChannels' | 'joinChannel'
>

function conversationCalls({ send, onConversation }: RestDependencies): ConversationCalls {
  const seen = (answer: unknown) => {
    const conversation = objectIn<Conversation>(answer, 'conversation')
    onConversation(conversation)
    return conversation
  }
  const path = (conversation: string) => `/api/conversations/${id(conversation)}`
  return {
    createConversation: async (json) =>
      seen(await send({ method: 'POST', path: '/api/conversations', json })),
    patchConversation: async (conversation, json) =>
      seen(await send({ method: 'PATCH', path: path(conversation), json })),
    async browseChannels(query, signal) {
      const answer = await send({ method: 'GET', path: `/api/channels?query=${id(query)}`, signal })
      return listIn<Channel>(answer, 'channels')
    },
    joinChannel: async (channel) => seen(await send({ method: 'POST', path: `${path(channel)}/join` })),
  }
}

type InviteCalls = Pick<Rest, 'createInvite' | 'invites' | 'revokeInvite' | 'invitePreview' | 'acceptInvite'>

function inviteCalls({ send, onConversation }: RestDependencies): InviteCalls {
  const invitesOf = (conversation: string) => `/api/conversations/${id(conversation)}/invites`
  return {
    async createInvite(conversation, json) {
      return objectIn<Invite>(await send({ method: 'POST', path: invitesOf(conversation), json }), 'invite')
    },
    async invites(conversation, signal) {
      return listIn<InviteSummary>(
        await send({ method: 'GET', path: invitesOf(conversation), signal }),
        'invites',
      )
    },
    async revokeInvite(conversation, invite) {
      await send({ method: 'DELETE', path: `${invitesOf(conversation)}/${id(invite)}` })
    },
    async invitePreview(token) {
      const answer = await send({ method: 'GET', path: `/api/invites/${id(token)}` })
      return { ...(answer as InvitePreview), conversation: objectIn(answer, 'conversation') }
    },
    async acceptInvite(token) {
      const answer = await send({ method: 'POST', path: `/api/invites/${id(token)}/accept` })
      const conversation = objectIn<Conversation>(answer, 'conversation')
      onConversation(conversation)
      return conversation
    },
  }
}
