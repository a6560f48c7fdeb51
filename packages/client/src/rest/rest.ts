import type { Channel, Conversation, Invite, InvitePreview, Login, Me, Member, User } from '@tam/protocol'
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

const id = encodeURIComponent

/** The typed calls of the HTTP API. */
export function createRest(dependencies: RestDependencies): Rest {
  const { send } = dependencies
  const get = (path: string, signal?: AbortSignal) => send({ method: 'GET', path, signal })
  const seenUsers = (users: User[]) => {
    dependencies.onUsers(users)
    return users
  }
  const seenMembers = (members: Member[]) => {
    dependencies.onUsers(members.map((member) => member.user))
    return members
  }
  const seenConversation = (answer: unknown) => {
    const conversation = objectIn<Conversation>(answer, 'conversation')
    dependencies.onConversation(conversation)
    return conversation
  }
  const seenMe = (answer: unknown) => {
    const me = objectIn<Me>(answer, 'user')
    dependencies.onMe(me)
    return me
  }
  return {
    patchMe: async (json) => seenMe(await send({ method: 'PATCH', path: '/api/me', json })),
    uploadAvatar: async (blob) =>
      seenMe(
        await send({
          method: 'PUT',
          path: '/api/me/avatar',
          blob,
          headers: { 'content-type': blob.type },
          timeoutMs: UPLOAD_TIMEOUT_MS,
        }),
      ),
    async changePassword(json) {
      await send({ method: 'POST', path: '/api/me/password', json })
    },
    logins: async () => listIn<Login>(await get('/api/logins'), 'logins'),
    async revokeLogin(login) {
      await send({ method: 'DELETE', path: `/api/logins/${id(login)}` })
    },
    searchUsers: async (query, signal) =>
      seenUsers(listIn<User>(await get(`/api/users?query=${id(query)}`, signal), 'users')),
    async user(user, signal) {
      const found = objectIn<User>(await get(`/api/users/${id(user)}`, signal), 'user')
      seenUsers([found])
      return found
    },
    createConversation: async (json) =>
      seenConversation(await send({ method: 'POST', path: '/api/conversations', json })),
    patchConversation: async (conversation, json) =>
      seenConversation(await send({ method: 'PATCH', path: `/api/conversations/${id(conversation)}`, json })),
    browseChannels: async (query, signal) =>
      listIn<Channel>(await get(`/api/channels?query=${id(query)}`, signal), 'channels'),
    joinChannel: async (channel) =>
      seenConversation(
        await send({ method: 'POST', path: `/api/conversations/${id(channel)}/join`, json: {} }),
      ),
    members: async (conversation, signal) =>
      seenMembers(
        listIn<Member>(await get(`/api/conversations/${id(conversation)}/members`, signal), 'members'),
      ),
    addMembers: async (conversation, json) =>
      seenMembers(
        listIn<Member>(
          await send({ method: 'POST', path: `/api/conversations/${id(conversation)}/members`, json }),
          'members',
        ),
      ),
    async setRole(conversation, user, role) {
      const path = `/api/conversations/${id(conversation)}/members/${id(user)}`
      await send({ method: 'PATCH', path, json: { role } })
    },
    async removeMember(conversation, user) {
      await send({ method: 'DELETE', path: `/api/conversations/${id(conversation)}/members/${id(user)}` })
    },
    createInvite: async (conversation, json) =>
      objectIn<Invite>(
        await send({ method: 'POST', path: `/api/conversations/${id(conversation)}/invites`, json }),
        'invite',
      ),
    async invitePreview(token) {
      const answer = await get(`/api/invites/${id(token)}`)
      return { ...(answer as object), conversation: objectIn(answer, 'conversation') } as InvitePreview
    },
    acceptInvite: async (token) =>
      seenConversation(await send({ method: 'POST', path: `/api/invites/${id(token)}/accept`, json: {} })),
  }
}
