import { describe, expect, test } from 'bun:test'
import { CassandraUrlError, parseCassandraUrl } from './kv.cassandra.target.ts'

describe('the URL of a Cassandra cluster', () => {
  test('names hosts, keyspace, data centre, user and certificate', () => {
    const url =
      'cassandra://tám:m%40t%2Fkh%E1%BA%A9u@host-1:9142,10.0.0.2,[::1]:9042/tam_1?dc=hà-nội&tls=1&ca=%2Fetc%2Ftam%2Fca.pem&rf=3'
    expect(parseCassandraUrl(url)).toEqual({
      contactPoints: ['host-1:9142', '10.0.0.2', '[::1]:9042'],
      localDataCenter: 'hà-nội',
      keyspace: 'tam_1',
      credentials: { username: 'tám', password: 'm@t/khẩu' },
      tls: { caPath: '/etc/tam/ca.pem' },
      replicationFactor: 3,
    })
  })

  test('needs only a host and a keyspace', () => {
    expect(parseCassandraUrl('cassandra://127.0.0.1/tam')).toEqual({
      contactPoints: ['127.0.0.1'],
      localDataCenter: 'datacenter1',
      keyspace: 'tam',
    })
    expect(parseCassandraUrl('cassandra://a/tam?tls=1').tls).toEqual({})
    expect(parseCassandraUrl('cassandra://u:@a/tam').credentials).toEqual({ username: 'u', password: '' })
  })

  const wrong: [url: string, says: RegExp][] = [
    ['', /must look like/],
    ['http://a/tam', /must look like/],
    ['cassandra://a', /must look like/],
    ['cassandra:///tam', /must look like/],
    ['cassandra://user@a/tam', /must look like/],
    ['cassandra://a,/tam', /"" is not a host/],
    ['cassandra://a:0/tam', /"a:…" is not a host/],
    ['cassandra://a:65536/tam', /"a:…" is not a host/],
    ['cassandra://a b/tam', /"a b" is not a host/],
    ['cassandra://a/', /keyspace must be/],
    ['cassandra://a/Tam', /keyspace must be/],
    ['cassandra://a/tam;DROP', /keyspace/],
    [`cassandra://a/${'k'.repeat(49)}`, /keyspace/],
    ['cassandra://a/tam?datacenter=x', /"datacenter" is not a parameter; there are dc, tls, ca, rf/],
    ['cassandra://a/tam?tls=yes', /"tls" must be 0 or 1/],
    ['cassandra://a/tam?ca=/x', /"ca" needs tls=1/],
    ['cassandra://a/tam?rf=0', /"rf"/],
    ['cassandra://a/tam?rf=many', /"rf"/],
    ['cassandra://u:%ff@a/tam', /percent-encoded/],
  ]
  for (const [url, says] of wrong) {
    test(`${url || 'nothing'} is refused`, () => {
      expect(() => parseCassandraUrl(url)).toThrow(CassandraUrlError)
      expect(() => parseCassandraUrl(url)).toThrow(says)
    })
  }

  test('an error never repeats the password', () => {
    for (const url of [
      'cassandra://u:secret@a b/tam',
      'cassandra://u:secret@a',
      'cassandra://u:secret@a/tam?x=1',
      // Host forgotten, and a slash that should have been encoded.
      'cassandra://u:secret/tam',
      'cassandra://u:secret/word@a/tam',
      'cassandra://u:12/secret@a/tam',
    ]) {
      try {
        parseCassandraUrl(url)
        expect.unreachable()
      } catch (error) {
        expect(String(error)).not.toContain('secret')
      }
    }
  })
})
