import { assert } from '@tam/util'

/** Keys are random ids made by the server; anything else is a bug that must not reach a path. */
export function checkBlobKey(key: string): string {
  assert(/^[A-Za-z0-9_-]{1,128}$/.test(key), 'a blob key is 1 to 128 characters of A-Z a-z 0-9 _ -')
  return key
}
