import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { systemClock, systemRandom } from '@tam/util'
import pino from 'pino'
import { type RedisServer, startRedis } from '../../../../../tools/engines/redis/server.ts'
import { trialIn } from '../bus/bus.redis.channels.ts'
import { checkRedis } from './redis-check.ts'
import { parseRedisUrl } from './redis-url.ts'

const suite = process.env.TAM_TEST_REDIS === '1' ? describe : describe.skip

/** What is found at the URL: `fine`, or what is wrong. */
function findingAt(url: string): Promise<string> {
  const options = {
    clock: systemClock,
    random: systemRandom,
    logger: pino({ level: 'silent' }),
    target: parseRedisUrl(url),
    purpose: 'check',
    trial: trialIn(0),
  }
  return checkRedis(options).then(
    () => 'fine',
    (error: Error) => error.message,
  )
}

suite('what Redis answers to wrong settings', () => {
  let redis: RedisServer
  let node: RedisServer
  beforeAll(async () => {
    redis = await startRedis({ password: 'mật khẩu' })
    node = await startRedis({ isClusterNode: true })
  })
  afterAll(async () => {
    await redis[Symbol.asyncDispose]()
    await node[Symbol.asyncDispose]()
  })

  test('the right ones pass, and so does nobody answering', async () => {
    expect(await findingAt(redis.url)).toBe('fine')
    expect(await findingAt(`redis+cluster://${node.address}`)).toBe('fine')
    expect(await findingAt('redis://127.0.0.1:1')).toBe('fine')
  })

  test('a wrong or missing password is named, and not shown', async () => {
    for (const login of ['', ':falsch@', 'an:falsch@']) {
      const finding = await findingAt(`redis://${login}${redis.address}`)
      expect([login, finding]).toEqual([login, expect.stringContaining(redis.address)])
      expect(finding).toContain('check the user name and password in TAM_REDIS_URL')
      expect(finding).not.toContain('falsch')
    }
  })

  test('one and a cluster are told apart', async () => {
    expect(await findingAt(`redis://${node.address}`)).toContain('write redis+cluster://')
    const cluster = redis.url.replace('redis://', 'redis+cluster://')
    expect(await findingAt(cluster)).toContain('write redis://')
  })

  test('what is no Redis is told so', async () => {
    await using web = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('hello') })
    expect(await findingAt(`redis://127.0.0.1:${web.port}`)).toContain('is no Redis')
  })

  test('a database that does not exist is named', async () => {
    expect(await findingAt(redis.url.replace(/\/0$/, '/9999'))).toContain('check the number of the database')
  })

  test('a user who may not look is let pass', async () => {
    await redis.command('ACL', 'SETUSER', 'it', 'on', '>x', '~*', '&tam*', '+@all', '-info')
    expect(await findingAt(`redis://it:x@${redis.address}`)).toBe('fine')
  })

  test('a user who may not speak or listen on our channels is refused, with what to allow', async () => {
    const cluster = `redis+cluster://it:x@${node.address}`
    const channels = ['&tam*', '+@all']
    for (const rights of [
      ['+@all'],
      [...channels, '-publish', '-spublish'],
      [...channels, '-subscribe', '-ssubscribe'],
    ]) {
      for (const server of [redis, node]) {
        await server.command('ACL', 'SETUSER', 'it', 'reset', 'on', '>x', '~*', ...rights)
      }
      for (const url of [`redis://it:x@${redis.address}`, cluster]) {
        expect([rights, await findingAt(url)]).toEqual([rights, expect.stringMatching(/NOPERM.*&tam\*/)])
      }
    }
    await node.command('ACL', 'SETUSER', 'it', 'reset', 'on', '>x', '~*', ...channels)
    expect(await findingAt(cluster)).toBe('fine')
  })

  test('a user who may not run scripts, or not over our keys, is refused, with what to allow', async () => {
    const url = `redis://it:x@${redis.address}`
    const setUser = (...rights: string[]) =>
      redis.command('ACL', 'SETUSER', 'it', 'reset', 'on', '>x', '&tam*', ...rights)
    for (const rights of [
      ['~foo*', '+@all'],
      ['~tam/*', '+@all', '-@scripting'],
      ['~tam/*', '+@all', '-@write', '+publish'],
    ]) {
      await setUser(...rights)
      expect([rights, await findingAt(url)]).toEqual([rights, expect.stringContaining('~tam/* +@scripting')])
    }
    await setUser('~tam/*', '-@all', '+@connection', '+@pubsub', '+@scripting', '+@read', '+@write')
    expect(await findingAt(url)).toBe('fine')
  })
})
