import { useAction } from './use-action.ts'
import { useClient } from './use-client.tsx'
import { useRouter } from './use-platform.tsx'

interface StartDirect {
  readonly busy: boolean
  /** Whether there is a conversation with this person already; another is made by the server. */
  readonly isThere: (userId: string) => boolean
  readonly startDirect: (userId: string) => Promise<boolean>
}

/** Opens the direct conversation with a person, made when there is none. */
export function useStartDirect(): StartDirect {
  const client = useClient()
  const router = useRouter()
  const { busy, run } = useAction()
  const find = (userId: string) => client.conversations.get()?.find(({ peer }) => peer === userId)
  const startDirect = (userId: string) => {
    const existing = find(userId)
    if (existing !== undefined) {
      router.go({ name: 'conversation', id: existing.id })
      return Promise.resolve(true)
    }
    return run(async () => {
      const { id } = await client.rest.createConversation({ kind: 'direct', userId })
      router.go({ name: 'conversation', id })
    })
  }
  return { busy, isThere: (userId) => find(userId) !== undefined, startDirect }
}
