import { useAction } from './use-action.ts'
import { useClient } from './use-client.tsx'
import { useRouter } from './use-platform.tsx'

/** Opens the direct conversation with a person, made when there is none. */
export function useStartDirect(): { busy: boolean; startDirect: (userId: string) => Promise<boolean> } {
  const client = useClient()
  const router = useRouter()
  const { busy, run } = useAction()
  const startDirect = (userId: string) => {
    const existing = client.conversations.get()?.find(({ peer }) => peer === userId)
    if (existing !== undefined) {
      router.go({ name: 'conversation', id: existing.id })
      return Promise.resolve(true)
    }
    return run(async () => {
      const { id } = await client.rest.createConversation({ kind: 'direct', userId })
      router.go({ name: 'conversation', id })
    })
  }
  return { busy, startDirect }
}
