/** The address cannot be listened on; the message says what to do. */
export class ListenError extends Error {
  override name = 'ListenError'
}

/**
 * Finds out whether the address can be listened on, before anything is opened: a second start fails at once and
 * touches nothing, and whatever is wired next knows the real port.
 * @param port 0 for any free one
 * @throws {ListenError}
 */
export function findPort(host: string, port: number): number {
  return listening(host, port, () => {
    const probe = Bun.serve({ hostname: host, port, fetch: () => new Response() })
    const found = probe.port ?? port
    void probe.stop(true)
    return found
  })
}

/** Runs `listen` and says what its refusal means. @throws {ListenError} */
export function listening<T>(host: string, port: number, listen: () => T): T {
  try {
    return listen()
  } catch (error) {
    throw new ListenError(explain(host, port, error), { cause: error })
  }
}

function explain(host: string, port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is in use. Stop the other program, or set TAM_PORT to another port (0 takes any free one).`
    case 'EACCES':
      return `Port ${port} may not be opened by this user. Set TAM_PORT to one above 1023.`
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine. Set TAM_HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.`
    default:
      return `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`
  }
}
