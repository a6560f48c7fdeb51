/*
 * Exits 0 when the server of this container lives. Whether it is ready is the balancer's question: one that drains or
 * waits for its store must not be restarted for that.
 */
const TIMEOUT_MS = 2_500
const port = process.env['TAM_PORT'] ?? '8080'

const isAlive = await fetch(`http://127.0.0.1:${port}/healthz`, {
  signal: AbortSignal.timeout(TIMEOUT_MS),
}).then(
  ({ ok }) => ok,
  () => false,
)
process.exit(isAlive ? 0 : 1)
