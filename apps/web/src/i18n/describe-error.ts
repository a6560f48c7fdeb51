import { TamError } from '@tam/client'
import type { errorText } from './errors.ts'

/** The sentence for anything a call to the server may reject with. */
export function describeError(error: unknown, t: (typeof errorText)['vi']): string {
  if (!(error instanceof TamError)) {
    return t.unexpected
  }
  switch (error.code) {
    case 'offline':
    case 'timeout':
      return t.offline
    case 'rate_limited':
      return t.rateLimited(Math.max(1, Math.ceil((error.retryAfterMs ?? 1_000) / 1_000)))
    case 'forbidden':
      return t.forbidden
    case 'not_found':
      return t.notFound
    case 'last_owner':
      return t.lastOwner
    case 'already_member':
      return t.alreadyMember
    case 'invite_unusable':
      return t.inviteUnusable
    case 'payload_too_large':
      return t.tooLarge
    case 'unsupported_media_type':
    case 'unprocessable_image':
      return t.badImage
    case 'registration_closed':
      return t.registrationClosed
    case 'storage_full':
      return t.storageFull
    case 'common_password':
      return t.commonPassword
    case 'invalid_credentials':
      return t.wrongPassword
    case 'invalid_request':
      return t.invalid
    default:
      return t.unexpected
  }
}
