import { AVATAR_MAX_BYTES, MeReply } from '@tam/protocol'
import type { Avatars } from '../../../accounts/avatars.ts'
import type { Api } from '../../context.ts'
import { UPLOAD_DEADLINE_MS } from '../../deadline.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { readBytes } from '../../read-bytes.ts'

const route = defineRoute(
  { limit: 'upload' },
  {
    method: 'put',
    path: '/api/me/avatar',
    summary: 'Upload an avatar',
    description:
      'The body is a JPEG, PNG, WebP or GIF image of at most 8 MiB; its middle square becomes the avatar.',
    tags: ['me'],
    request: {
      body: { required: true, content: { 'image/*': { schema: { type: 'string', format: 'binary' } } } },
    },
    responses: { 200: reply('The profile afterwards', MeReply) },
  },
)

export function setAvatarRoute(api: Api, deps: { readonly avatars: Pick<Avatars, 'replace'> }): void {
  api.openapi(route, async (c) => {
    c.get('deadline').set(UPLOAD_DEADLINE_MS)
    const upload = await readBytes(c.req.raw, AVATAR_MAX_BYTES)
    return c.json({ user: await deps.avatars.replace(c.get('claims').user, upload) }, 200)
  })
}
