import type { TamClient } from '@tam/client'
import { createBrowserClient } from '@tam/client/browser'

/**
 * The SDK on this origin. In development `?fixture=<scenario>` replaces it by one without a server, for looking at
 * states; the condition is constant in a production build, so nothing of it travels.
 */
export async function createClient(): Promise<TamClient> {
  if (import.meta.env.DEV) {
    const scenario = rememberedScenario()
    if (scenario !== null) {
      const { createFixtureClient } = await import('../dev/fixture-client.ts')
      return createFixtureClient(scenario)
    }
  }
  return createBrowserClient({ url: window.location.origin })
}

/** Survives navigation inside the tab, where the query is gone. `?fixture=` (empty) turns it off. */
function rememberedScenario(): string | null {
  const asked = new URLSearchParams(window.location.search).get('fixture')
  if (asked !== null) {
    window.sessionStorage.setItem('tam.fixture', asked)
  }
  return window.sessionStorage.getItem('tam.fixture') || null
}
