/** The only reader of the process's environment. Empty values count as absent, as in `TAM_PORT= npm start`. */
export function readEnv(): Record<string, string> {
  const named = Object.entries(process.env).filter(([name, value]) => name.startsWith(PREFIX) && value)
  return Object.fromEntries(named) as Record<string, string>
}

const PREFIX = 'TAM_'
