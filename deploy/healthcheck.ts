/*
 * Exits 0 when the server of this container lives. Whether it is ready is the balancer's question: one that drains or
 * waits for its store must not be restarted for that.
 */
const TIMEOUT_MS = 2_500
/** All addresses, of which this one is always there; also with `::`, which takes IPv4 as well. */
const WILDCARD = /^(?:|0|0\.0\.0\.0|\[?::0?\]?)$/
const host = (process.env['TAM_HOST'] ?? '').replace(WILDCARD, '127.0.0.1')
const port = process.env['TAM_PORT'] ?? '8080'
const address = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host

const isAlive = await fetch(`http://${address}:${port}/healthz`, {
  signal: AbortSignal.timeout(TIMEOUT_MS),
}).then(
  ({ ok }) => ok,
  () => false,
)
process.exit(isAlive ? 0 : 1)
