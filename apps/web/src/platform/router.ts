import type { Readable } from '@tam/client'
import { createState } from './state.ts'
import { parseRoute, routePath, type Route } from './route.logic.ts'

export interface Router {
  readonly route: Readable<Route>
  /** The newest place that is not a sign-in page: where signing in leads. */
  intended(): Route
  /** Goes to `route`; `replace` takes the place of the current history entry. Going where one is does nothing. */
  go(route: Route, options?: { replace?: boolean }): void
  /** To the list from a conversation on narrow screens: history back when the list is what lies there. */
  back(fallback: Route): void
}

/** Only what the router needs of `window`. */
export type RouterWindow = Pick<Window, 'addEventListener' | 'history' | 'location'>

interface Entry {
  /** How many entries of this visit lie before this one. */
  readonly depth: number
}

/**
 * History router. Six flat routes need no library; TanStack Router would be a quarter of the login page's budget.
 */
export function createRouter(window: RouterWindow): Router {
  const state = createState(parseRoute(window.location.pathname))
  let intended: Route = { name: 'home' }
  const remember = () => {
    const { name } = state.get()
    intended = name === 'login' || name === 'register' ? intended : state.get()
  }
  remember()
  state.subscribe(remember)
  const depth = (): number => (window.history.state as Entry | null)?.depth ?? 0
  window.addEventListener('popstate', () => state.set(parseRoute(window.location.pathname)))
  return {
    route: state,
    intended: () => intended,
    go(route, options = {}) {
      const path = routePath(route)
      if (path === window.location.pathname) {
        return
      }
      if (options.replace === true) {
        window.history.replaceState({ depth: depth() } satisfies Entry, '', path)
      } else {
        window.history.pushState({ depth: depth() + 1 } satisfies Entry, '', path)
      }
      state.set(route)
    },
    back(fallback) {
      if (depth() > 0) {
        window.history.back()
      } else {
        this.go(fallback, { replace: true })
      }
    },
  }
}
