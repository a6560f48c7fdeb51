import type { Conversation } from '@tam/protocol'
import { useUser } from './use-client.tsx'

/** What a conversation is called on screen: its title, or the other person's name; undefined until that is loaded. */
export function useConversationTitle(conversation: Conversation | undefined): string | undefined {
  const peer = useUser(conversation?.peer ?? null)
  return conversation?.title ?? peer?.name
}
