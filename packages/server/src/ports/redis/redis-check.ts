import { wait } from '@tam/util'
import { createLinkClient, CONNECT_MS, nameOf, type RedisLinkOptions } from './redis-link.ts'
import type { RedisAddress, RedisTarget } from './redis-url.ts'

/** Redis answered that it will never serve this target; the message says why. */
export class RedisRefused extends Error {
  override name = 'RedisRefused'
}

/**
 * Asks the first address that answers whether it is what the target says. Nobody answering is no finding: Redis may
 * come later.
 * @throws {RedisRefused}
 */
export async function checkRedis(options: RedisLinkOptions): Promise<void> {
  for (const address of options.target.addresses) {
    const problem = await Promise.race([
      problemAt(address, options),
      wait(options.clock, CONNECT_MS).then(() => undefined),
    ])
    if (problem === 'none') {
      return
    }
    if (problem !== undefined) {
      throw new RedisRefused(`Redis at ${nameOf(address)}: ${problem}`)
    }
  }
}

/** What is wrong with the node, `none`, or undefined when it cannot be asked. */
async function problemAt(address: RedisAddress, options: RedisLinkOptions): Promise<string | undefined> {
  const client = createLinkClient(address, options)
  const failed = Promise.withResolvers<never>()
  client.on('error', failed.reject)
  try {
    await Promise.race([client.connect(), failed.promise])
    const info = await Promise.race([client.sendCommand(['INFO', 'cluster']), failed.promise])
    return mismatch(String(info), options.target)
  } catch (error) {
    return refusal(error)
  } finally {
    client.destroy()
  }
}

function mismatch(info: string, { kind }: RedisTarget): string {
  const isCluster = info.includes('cluster_enabled:1')
  if (isCluster && kind === 'single') {
    return 'it is a node of a cluster; write redis+cluster:// in TAM_REDIS_URL'
  }
  if (!isCluster && kind === 'cluster') {
    return 'it is no node of a cluster; write redis:// in TAM_REDIS_URL'
  }
  return 'none'
}

function refusal(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : ''
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password)/i.test(message)) {
    return `${message}; check the user name and password in TAM_REDIS_URL`
  }
  if (message.startsWith('NOPERM')) {
    // The user may do other things, INFO apart.
    return /INFO/i.test(message) ? 'none' : `${message}; check what this user may do`
  }
  if (/^ERR DB index/i.test(message)) {
    return `${message}; check the number of the database in TAM_REDIS_URL`
  }
  return /SSL|TLS|CERT|SIGNATURE/.test(code)
    ? `${message} (${code}); check redis:// against rediss:// in TAM_REDIS_URL, and the certificate`
    : undefined
}
