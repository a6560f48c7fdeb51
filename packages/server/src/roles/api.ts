import { pageHeaders } from '../http/headers.ts'
import { addAccountRoutes } from '../http/routes/accounts.ts'
import { addChannelRoutes } from '../http/routes/channels.ts'
import { addConversationRoutes } from '../http/routes/conversations.ts'
import { addInviteRoutes } from '../http/routes/invites.ts'
import { addMessageRoutes } from '../http/routes/messages.ts'
import { openapiRoute } from '../http/routes/system/openapi.ts'
import type { Api } from '../http/context.ts'
import { openSite } from '../http/static.ts'
import type { Foundation, Role } from './role.ts'

/**
 * The role api: every route of the HTTP API, and the web client.
 * @param webRoot folder of the built web client; without one only the API is served
 */
export async function openApiRole(foundation: Foundation, webRoot: string | undefined): Promise<Role> {
  const { address } = foundation
  const site = webRoot === undefined ? undefined : await openSite(webRoot, pageHeaders(address))
  return {
    name: 'api',
    addRoutes: (api) => addRoutes(api, foundation),
    ...(site === undefined ? {} : { site: (request: Request) => site.respond(request) }),
  }
}

function addRoutes(api: Api, { config, address, engines, services }: Foundation): void {
  const { conversations } = services
  addAccountRoutes(api, {
    ...services,
    cache: engines.fallbackCache,
    cookie: address.cookie,
    registration: config.registration,
  })
  addConversationRoutes(api, conversations)
  addChannelRoutes(api, conversations)
  addInviteRoutes(api, conversations)
  addMessageRoutes(api, services)
  openapiRoute(api, { url: address.url })
}
