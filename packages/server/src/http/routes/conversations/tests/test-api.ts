import type { ErrorCodeName } from '@tam/protocol'
import { expect } from 'bun:test'
import { Store, createWorld, type World } from '../../../../conversations/tests/world.ts'
import { MemoryCache } from '../../../../ports/cache/cache.memory.ts'
import { publicAddress } from '../../../../config/public-address.ts'
import { createApi } from '../../../app.ts'
import { addChannelRoutes } from '../../channels.ts'
import { addConversationRoutes } from '../../conversations.ts'
import { addInviteRoutes } from '../../invites.ts'
import { addMessageRoutes } from '../../messages.ts'

export interface TestApi {
  readonly world: World
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  /** Calls as `user` (whose access token is their id); without one, as nobody. */
  call(user: string | undefined, method: string, path: string, body?: unknown): Promise<Answer>
}

export interface Answer {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly json: any
}

/** The routes of this folder and its neighbours over memory, without a port. */
export function createTestApi(): TestApi {
  const store = new Store()
  const world = createWorld(store)
  const api = createApi({
    clock: store.clock,
    log: {
      error: (details) => {
        throw new Error('no request may fail unexpectedly', { cause: details })
      },
    },
    trustedProxies: () => false,
    address: publicAddress({ publicUrl: undefined }, 8080),
    tokens: { verify: async (user) => ({ user, sid: 'sid', exp: 0 }) },
    logins: { isActive: async () => true },
    cache: new MemoryCache({ clock: store.clock }),
    rateLimitScale: 1_000,
  })
  addConversationRoutes(api, world.conversations)
  addChannelRoutes(api, world.conversations)
  addInviteRoutes(api, world.conversations)
  addMessageRoutes(api, world)
  return {
    world,
    routes: api.routes.filter(({ path, method }) => path.includes('/api/') && method !== 'ALL'),
    async call(user, method, path, body) {
      const response = await api.request(`http://localhost:8080${path}`, {
        method,
        headers: {
          ...(user === undefined ? {} : { authorization: `Bearer ${user}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
    },
  }
}

export function expectProblem({ json }: Answer, code: ErrorCodeName): void {
  expect(json?.code).toBe(code)
}
