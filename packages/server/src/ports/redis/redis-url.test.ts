import { describe, expect, test } from 'bun:test'
import { parseRedisUrl, RedisUrlInvalid } from './redis-url.ts'

describe('a Redis URL', () => {
  test.each([
    [
      'redis://localhost',
      { kind: 'single', tls: false, addresses: [{ host: 'localhost', port: 6379 }], database: 0 },
    ],
    ['redis://h:1/', { kind: 'single', tls: false, addresses: [{ host: 'h', port: 1 }], database: 0 }],
    [
      'rediss://an:p%40ss%3Aw@redis.example:6380/3',
      {
        kind: 'single',
        tls: true,
        addresses: [{ host: 'redis.example', port: 6380 }],
        username: 'an',
        password: 'p@ss:w',
        database: 3,
      },
    ],
    [
      'redis://:mật-khẩu@[::1]:6379/0',
      {
        kind: 'single',
        tls: false,
        addresses: [{ host: '::1', port: 6379 }],
        password: 'mật-khẩu',
        database: 0,
      },
    ],
    [
      'redis+cluster://h1,h2:7000,h3',
      {
        kind: 'cluster',
        tls: false,
        addresses: [
          { host: 'h1', port: 6379 },
          { host: 'h2', port: 7000 },
          { host: 'h3', port: 6379 },
        ],
        database: 0,
      },
    ],
    [
      'rediss+cluster://u:p@h1',
      {
        kind: 'cluster',
        tls: true,
        addresses: [{ host: 'h1', port: 6379 }],
        username: 'u',
        password: 'p',
        database: 0,
      },
    ],
  ] as const)('%s', (text, target) => {
    expect(parseRedisUrl(text)).toEqual(target as never)
  })

  test.each([
    ['', 'starts with redis://'],
    ['localhost:6379', 'starts with redis://'],
    ['http://localhost', 'starts with redis://'],
    ['redis://', 'not a host'],
    ['redis://h:x', 'not a host'],
    ['redis://h:70000', 'port 70000 of h'],
    ['redis://h1,h2', 'several hosts are a cluster'],
    ['redis+cluster://h1,,h2', 'not a host'],
    ['redis+cluster://h1/2', 'only database 0'],
    ['redis://h/one', 'not the number of a database'],
    ['redis://h/0?timeout=1', 'no "?"'],
    ['redis://an@h', 'needs a password'],
    ['redis://an:geheim%@h', 'write it as %25'],
  ])('%p is refused', (text, message) => {
    const refused = () => parseRedisUrl(text)
    expect(refused).toThrow(RedisUrlInvalid)
    expect(refused).toThrow(message)
  })

  test.each([
    'redis://u:bimat@h:x',
    'redis://u:bimat@h/x',
    'redis://u:bimat@h?x',
    'reds://u:bimat@h',
    'redis://u:bimat',
  ])('the refusal of %p does not show the password', (text) => {
    let message = 'bimat'
    try {
      parseRedisUrl(text)
    } catch (error) {
      message = String(error)
    }
    expect(message).not.toContain('bimat')
  })
})
