import { wait } from '@tam/util'
import { ErrorReply } from 'redis'
import { createLinkClient, CONNECT_MS, nameOf, type RedisLinkOptions } from './redis-link.ts'
import type { RedisAddress, RedisTarget } from './redis-url.ts'

/** Redis answered that it will never serve this target; the message says why. */
export class RedisRefused extends Error {
  override name = 'RedisRefused'
}

export interface RedisCheckOptions extends RedisLinkOptions {
  /** What a server says to the others, for a trial: somewhere nobody minds. */
  readonly trial: { readonly channel: string; readonly message: string }
}

/** A key of ours that nobody reads, for a moment. */
const TRIAL_KEY = 'tam/value/trial'
const TRIAL_SCRIPT = "return redis.call('SET', KEYS[1], '', 'PX', 1)"

/**
 * Asks the first address that answers whether it is what the target says, and whether this user may do there what a
 * server does: publish, subscribe, and run scripts that write. Nobody answering is no finding: Redis may come later.
 * @throws {RedisRefused}
 */
export async function checkRedis(options: RedisCheckOptions): Promise<void> {
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
async function problemAt(address: RedisAddress, options: RedisCheckOptions): Promise<string | undefined> {
  const client = createLinkClient(address, options)
  const failed = Promise.withResolvers<never>()
  // Whoever waits next hears of it.
  failed.promise.catch(() => {})
  client.on('error', failed.reject)
  const whileUp = <T>(work: Promise<T>) => Promise.race([work, failed.promise])
  try {
    await whileUp(client.connect())
    // Most may look; who may not is taken at their word.
    const info = await whileUp(client.sendCommand(['INFO', 'cluster'])).catch(unlessForbidden)
    return mismatch(info, options.target) ?? (await whileUp(trialOf(client, options)))
  } catch (error) {
    return refusal(error)
  } finally {
    client.destroy()
  }
}

/** @throws what Redis refuses */
async function trialOf(
  client: ReturnType<typeof createLinkClient>,
  { target, trial: { channel, message } }: RedisCheckOptions,
): Promise<'none'> {
  const isSharded = target.kind === 'cluster'
  const publish = [isSharded ? 'SPUBLISH' : 'PUBLISH', channel, message]
  const subscribe = () =>
    isSharded ? client.sSubscribe(channel, () => {}) : client.subscribe(channel, () => {})
  await client.sendCommand(publish).catch(unlessElsewhere)
  // Before it subscribes: afterwards a connection may do little else.
  await client.sendCommand(['EVAL', TRIAL_SCRIPT, '1', TRIAL_KEY]).catch(unlessElsewhere)
  await subscribe().catch(unlessElsewhere)
  return 'none'
}

function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof ErrorReply && error.message.startsWith('NOPERM'))) {
    throw error
  }
  return undefined
}

/** Whether this user may is told before whether this node is the one. */
function unlessElsewhere(error: unknown): void {
  if (!(error instanceof ErrorReply && /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN) /.test(error.message))) {
    throw error
  }
}

/** Undefined when it is as the target says, or cannot be told. */
function mismatch(info: unknown, { kind }: RedisTarget): string | undefined {
  if (info === undefined) {
    return undefined
  }
  const isCluster = String(info).includes('cluster_enabled:1')
  if (isCluster && kind === 'single') {
    return 'it is a node of a cluster; write redis+cluster:// in TAM_REDIS_URL'
  }
  if (!isCluster && kind === 'cluster') {
    return 'it is no node of a cluster; write redis:// in TAM_REDIS_URL'
  }
  return undefined
}

/** Of a command, and of one in a script: as Redis 7.0 says it, and later ones. */
const FORBIDDEN = /^NOPERM|The user executing the script can't|ACL failure in script/

function refusal(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : ''
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password)/i.test(message)) {
    return `${message}; check the user name and password in TAM_REDIS_URL`
  }
  if (FORBIDDEN.test(message)) {
    return /channel|publish|subscribe/i.test(message)
      ? `${message}; servers tell each other what is new on channels that begin with tam: allow this user to publish and subscribe there (&tam* in ACL SETUSER)`
      : `${message}; presence and rate limits are scripts over keys that begin with tam/: allow this user to run scripts, to read and to write there (~tam/* +@scripting +@read +@write in ACL SETUSER)`
  }
  if (message.includes('RESP type')) {
    return 'what listens there is no Redis; check the address in TAM_REDIS_URL'
  }
  if (/^ERR DB index/i.test(message)) {
    return `${message}; check the number of the database in TAM_REDIS_URL`
  }
  return /SSL|TLS|CERT|SIGNATURE/.test(code)
    ? `${message} (${code}); check redis:// against rediss:// in TAM_REDIS_URL, and the certificate`
    : undefined
}
