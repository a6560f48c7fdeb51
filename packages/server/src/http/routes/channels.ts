import type { Conversations } from '../../conversations/conversations.ts'
import type { Api } from '../context.ts'
import { browseChannelsRoute } from './channels/browse.ts'

export function addChannelRoutes(api: Api, conversations: Pick<Conversations, 'browseChannels'>): void {
  browseChannelsRoute(api, conversations)
}
