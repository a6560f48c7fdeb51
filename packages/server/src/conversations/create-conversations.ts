import type { Access } from '../access/access.ts'
import type { LogStore } from '../log/create-log.ts'
import type { LastMessages } from '../messages/last-message.ts'
import type { Reads } from '../messages/reads.ts'
import { acceptInvite, previewInvite } from './accept-invite.ts'
import { addMembers } from './add-members.ts'
import { browseChannels } from './browse-channels.ts'
import { Changes } from './changes.ts'
import type { CommitDeps } from './commit.ts'
import type { Conversations } from './conversations.ts'
import { createDirect } from './create-direct.ts'
import { createGroup } from './create-group.ts'
import { createInvite } from './create-invite.ts'
import type { ActionDeps, People } from './deps.ts'
import { Directs } from './directs.ts'
import { Intents } from './intents.ts'
import { joinChannel } from './join-channel.ts'
import { Joinings } from './joinings.ts'
import { listMembers } from './list-members.ts'
import { listInvites, revokeInvite } from './manage-invites.ts'
import { patchDetails } from './patch-details.ts'
import { removeMember } from './remove-member.ts'
import { setRole } from './set-role.ts'
import { Sides } from './sides.ts'
import { Summaries } from './summaries.ts'
import { Sweeper } from './sweeper.ts'

export interface ConversationsDeps extends CommitDeps {
  readonly log: LogStore
  readonly access: Access
  readonly reads: Reads
  readonly lastMessages: LastMessages
  readonly people: People
  readonly publicUrl: string
}

/** `directs` is for the sending of messages. */
export function createConversations(deps: ConversationsDeps): {
  conversations: Conversations
  directs: Directs
} {
  const changeDeps = { ...deps, intents: new Intents(deps), sides: new Sides(deps) }
  const directs = new Directs(changeDeps)
  const changes = new Changes(changeDeps)
  const summaries = new Summaries(deps)
  const joinings = new Joinings({ kv: deps.kv, changes })
  const actions: ActionDeps = { ...deps, changes, joinings, directs, summaries }
  const sweeper = new Sweeper(changeDeps, directs)
  const conversations: Conversations = {
    createDirect: (user, peer) => createDirect(actions, user, peer),
    createGroup: (user, input) => createGroup(actions, user, 'group', input),
    createChannel: (user, input) => createGroup(actions, user, 'channel', input),
    async patchDetails(user, conv, patch) {
      await patchDetails(actions, user, conv, patch)
      return summaries.get(user, conv)
    },
    async addMembers(user, conv, userIds) {
      await addMembers(actions, user, conv, userIds)
      return listMembers(actions, user, conv)
    },
    removeMember: (user, conv, target) => removeMember(actions, user, conv, target),
    setRole: (user, conv, target, role) => setRole(actions, user, conv, { target, role }),
    members: (user, conv) => listMembers(actions, user, conv),
    async joinChannel(user, conv) {
      await joinChannel(actions, user, conv)
      return summaries.get(user, conv)
    },
    browseChannels: (user, query) => browseChannels(actions, user, query),
    createInvite: (user, conv, body) => createInvite(actions, user, conv, body),
    invites: (user, conv) => listInvites(actions, user, conv),
    revokeInvite: (user, conv, id) => revokeInvite(actions, user, conv, id),
    previewInvite: (user, token) => previewInvite(actions, user, token),
    acceptInvite: async (user, token) => summaries.get(user, await acceptInvite(actions, user, token)),
    refsOf: (user) => summaries.refsOf(user),
    summarise: (user, refs, heads) => summaries.summarise(user, refs, heads),
    get: (user, conv) => summaries.get(user, conv),
    list: (user) => summaries.list(user),
    sweep: ({ all = false } = {}) => sweeper.sweep(all),
  }
  return { conversations, directs }
}
