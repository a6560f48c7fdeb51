import type { Api } from '../../context.ts'

const INFO = {
  title: 'Tám',
  version: '1',
  description:
    'Self-hosted real-time chat. Refusals are problems (RFC 9457) with a stable `code`. The WebSocket at `/ws` is described in docs/protocol/SPEC.md.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
}

/** The contract of all routes, generated from the schemas that validate them. */
export function openapiRoute(api: Api, deps: { readonly url: string }): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token of register, login or refresh',
  })
  let document: string | undefined
  api.get('/openapi.json', (c) => {
    // At the first request, when every route has been added.
    document ??= JSON.stringify(
      api.getOpenAPI31Document({
        openapi: '3.1.0',
        info: INFO,
        servers: [{ url: deps.url }],
        security: [{ bearer: [] }],
      }),
    )
    return c.body(document, 200, { 'content-type': 'application/json' })
  })
}
