import { TamError } from '../errors.ts'
import type { SessionManager } from '../session/session.ts'
import type { Http, HttpCall } from './http.ts'

/** Calls with the access token of whoever is signed in; a refused token is replaced once. */
export function authorized(http: Http, session: SessionManager): (call: HttpCall) => Promise<unknown> {
  return async (call) => {
    const token = await session.token()
    try {
      return await http.send({ ...call, token })
    } catch (error) {
      if (!(error instanceof TamError) || error.code !== 'unauthenticated') {
        throw error
      }
      session.refuse(token)
      return await http.send({ ...call, token: await session.token() })
    }
  }
}
