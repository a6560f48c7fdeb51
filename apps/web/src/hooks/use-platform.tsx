import type { Readable } from '@tam/client'
import type { Clock } from '@tam/util'
import { createContext, use } from 'react'
import type { Drafts } from '../platform/drafts.ts'
import type { Place } from '../platform/place.ts'
import type { Preferences } from '../platform/preferences.ts'
import type { Route } from '../platform/route.logic.ts'
import type { Router } from '../platform/router.ts'
import { useReadable } from './use-readable.ts'

/** What the application is built on besides the SDK; made once in `main.tsx`, faked in tests. */
export interface Platform {
  readonly router: Router
  readonly preferences: Preferences
  readonly clock: Clock
  readonly drafts: Drafts
  readonly place: Place
  /** False during an outage: what only the server can do has to wait. */
  readonly reachable: Readable<boolean>
  /** True once a reload would bring a newer build. */
  readonly newVersion: Readable<boolean>
}

export const PlatformContext = createContext<Platform | undefined>(undefined)

export function usePlatform(): Platform {
  const platform = use(PlatformContext)
  if (platform === undefined) {
    throw new Error('usePlatform needs a PlatformContext above it')
  }
  return platform
}

export function useRouter(): Router {
  return usePlatform().router
}

/** Where the application is; renders anew when that changes. */
export function useRoute(): Route {
  return useReadable(usePlatform().router.route)
}

export function useClock(): Clock {
  return usePlatform().clock
}
