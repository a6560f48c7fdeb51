import type { Readable } from '@tam/client'
import { Covers, type Entry } from './covers.ts'
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
  /** Something covers the page: going back calls `onBack` instead. The result takes the cover away. */
  cover(onBack: () => void): () => void
}

/** Only what the router needs of `window`. */
export type RouterWindow = Pick<Window, 'addEventListener' | 'history' | 'location'>

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
  const { history } = window
  const covers = new Covers(history, () => window.location.pathname)
  window.addEventListener('popstate', () => {
    if (covers.onPop() && routePath(state.get()) !== window.location.pathname) {
      state.set(parseRoute(window.location.pathname))
    }
  })
  const write = (route: Route, replace: boolean) => {
    const path = routePath(route)
    if (path === window.location.pathname) {
      return
    }
    const { depth } = covers.entry
    // The entry of a cover is not worth going back to.
    if (covers.forget() || replace) {
      history.replaceState({ depth } satisfies Entry, '', path)
    } else {
      history.pushState({ depth: depth + 1 } satisfies Entry, '', path)
    }
    covers.onWrite()
    state.set(route)
  }
  return {
    route: state,
    intended: () => intended,
    go: (route, { replace = false } = {}) => covers.whenSettled(() => write(route, replace)),
    back(fallback) {
      if (covers.entry.depth > 0) {
        history.back()
      } else {
        this.go(fallback, { replace: true })
      }
    },
    cover: (onBack) => covers.add(onBack),
  }
}
