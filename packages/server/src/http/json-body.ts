import { BODY_MAX_BYTES } from '@tam/protocol'
import { AppError } from '../errors.ts'
import { parseGuarded } from '../json.ts'
import { readBytes } from './read-bytes.ts'

const JSON_TYPE = /^application\/json(?:\s*;\s*charset=(?:utf-8|"utf-8"))?$/i

/**
 * The text of a JSON body that passed the guard.
 * @throws {AppError} unsupported_media_type, payload_too_large, invalid_json
 */
export async function readJsonBody(request: Request): Promise<string> {
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) {
    throw new AppError('unsupported_media_type', { detail: 'The Content-Type must be application/json' })
  }
  const text = decode(await readBytes(request, BODY_MAX_BYTES))
  parseGuarded(text)
  return text
}

function decode(bytes: Uint8Array): string {
  try {
    // ignoreBOM keeps a BOM in the text, where the parser refuses it: one body, one meaning.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new AppError('invalid_json', { detail: 'The body is not valid UTF-8' })
  }
}
