import { z } from '@hono/zod-openapi'
import type { Avatars } from '../../../accounts/avatars.ts'
import { AppError } from '../../../errors.ts'
import type { Api } from '../../context.ts'
import { defineRoute } from '../../define-route.ts'

const route = defineRoute(
  { access: 'public', limit: 'media' },
  {
    method: 'get',
    path: '/media/{key}',
    summary: 'An avatar',
    description: 'Keys are random and never change their content; whoever knows one may see the picture.',
    tags: ['media'],
    request: { params: z.strictObject({ key: z.string().regex(/^[A-Za-z0-9_-]{22}$/) }) },
    responses: {
      200: {
        description: 'The picture',
        content: { 'image/webp': { schema: { type: 'string', format: 'binary' } } },
      },
    },
  },
)

export function getMediaRoute(api: Api, deps: { readonly avatars: Pick<Avatars, 'read'> }): void {
  api.openapi(route, async (c) => {
    if (c.req.raw.headers.get('sec-fetch-site') === 'cross-site') {
      throw new AppError('forbidden')
    }
    const blob = await deps.avatars.read(c.req.valid('param').key)
    if (!blob) {
      throw new AppError('not_found')
    }
    return c.body(blob.bytes.slice().buffer, 200, {
      'content-type': blob.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
    })
  })
}
