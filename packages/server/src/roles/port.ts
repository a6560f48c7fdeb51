import type { Config } from '../config/config.ts'

/** The address cannot be listened on; the message says what to do. */
export class ListenError extends Error {
  override name = 'ListenError'
}

/** An address as settings gave it. */
export interface Place {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** The settings it is from. */
  readonly names: { readonly host: string; readonly port: string }
}

const PUBLIC = { host: 'TAM_HOST', port: 'TAM_PORT' }
const ADMIN = { host: 'TAM_ADMIN_HOST', port: 'TAM_ADMIN_PORT' }

type Places = Pick<Config, 'host' | 'port' | 'admin'>

/**
 * The addresses of this process with real ports. Finds out whether they can be listened on, before anything is opened:
 * a second start fails at once and touches nothing, and whatever is wired next knows the port.
 * @throws {ListenError}
 */
export function findPlaces({ host, port, admin }: Places): { main: Place; admin: Place | undefined } {
  return {
    main: find({ host, port, names: PUBLIC }),
    admin: admin && find({ ...admin, names: ADMIN }),
  }
}

function find(place: Place): Place {
  return listening(place, () => {
    const probe = Bun.serve({ hostname: place.host, port: place.port, fetch: () => new Response() })
    const port = probe.port ?? place.port
    void probe.stop(true)
    return { ...place, port }
  })
}

/** Runs `listen` and says what its refusal means. @throws {ListenError} */
export function listening<T>(place: Place, listen: () => T): T {
  try {
    return listen()
  } catch (error) {
    throw new ListenError(explain(place, error), { cause: error })
  }
}

function explain({ host, port, names }: Place, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is in use. Stop the other program, or set ${names.port} to another port (0 takes any free one).`
    case 'EACCES':
      return `Port ${port} may not be opened by this user. Set ${names.port} to one above 1023.`
    // A name that no resolver knows is one of the latter two.
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Set ${names.host} to 127.0.0.1, or to 0.0.0.0 for all addresses.`
    default:
      return `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`
  }
}
