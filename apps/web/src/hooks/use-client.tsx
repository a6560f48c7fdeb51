import type { TamClient } from '@tam/client'
import type { Me, User } from '@tam/protocol'
import { createContext, use, useCallback, useSyncExternalStore } from 'react'
import { useReadable } from './use-readable.ts'

export const ClientContext = createContext<TamClient | undefined>(undefined)

/** The SDK. */
export function useClient(): TamClient {
  const client = use(ClientContext)
  if (client === undefined) {
    throw new Error('useClient needs a ClientContext above it')
  }
  return client
}

/** The person signed in; only below the signed-in boundary. */
export function useMe(): Me {
  const session = useReadable(useClient().session.state)
  if (session.status !== 'signed-in') {
    throw new Error('useMe is used where nobody is signed in')
  }
  return session.me
}

/** A person by id, undefined until loaded; renders anew only when that person changes. */
export function useUser(id: string | null): User | undefined {
  const { users } = useClient()
  const subscribe = useCallback((listener: () => void) => users.subscribe(listener), [users])
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : users.get(id)))
}

/** Changes with every change of any person: for lists that name many people in one sentence. */
export function useUsersVersion(): number {
  const { users } = useClient()
  const subscribe = useCallback((listener: () => void) => users.subscribe(listener), [users])
  return useSyncExternalStore(subscribe, () => users.version())
}
