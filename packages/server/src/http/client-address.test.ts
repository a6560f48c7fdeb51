import { expect, test } from 'bun:test'
import { addressSet } from '../config/addresses.ts'
import { clientAddress, networkOf, subscriberOf } from './client-address.ts'

const trusted = addressSet(['10.0.0.0/8', 'fd00::/8', '192.0.2.1'])
const from = (peer: string | undefined, forwarded?: string) =>
  clientAddress(new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }), peer, trusted)

const cases: [what: string, peer: string | undefined, forwarded: string | undefined, expected: string][] = [
  ['the peer', '203.0.113.1', undefined, '203.0.113.1'],
  ['the peer though it forwards', '203.0.113.1', '1.2.3.4', '203.0.113.1'],
  ['an IPv4 peer of an IPv6 listener', '::ffff:203.0.113.1', undefined, '203.0.113.1'],
  ['behind a proxy', '10.0.0.1', '1.2.3.4', '1.2.3.4'],
  ['behind an IPv4 proxy of an IPv6 listener', '::ffff:10.0.0.1', '1.2.3.4', '1.2.3.4'],
  ['the rightmost that is no proxy', '10.0.0.1', '6.6.6.6, 1.2.3.4, 192.0.2.1, 10.9.9.9', '1.2.3.4'],
  ['with a port', '10.0.0.1', '1.2.3.4:5678', '1.2.3.4'],
  ['IPv6 with a port', 'fd00::1', '[2001:DB8::1]:443', '2001:db8::1'],
  ['a proxy that says nonsense', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
  ['proxies all the way', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ['an endless list', '10.0.0.1', '1.2.3.4,'.repeat(100_000), '10.0.0.1'],
  ['nobody', undefined, '1.2.3.4', 'unknown'],
]

for (const [what, peer, forwarded, expected] of cases) {
  test(`the client is ${what}`, () => {
    expect(from(peer, forwarded)).toBe(expected)
  })
}

test('a subscriber is an IPv4 address or an IPv6 /64, a network a /24 or a /64', () => {
  expect([subscriberOf('203.0.113.7'), networkOf('203.0.113.7')]).toEqual(['203.0.113.7', '203.0.113.0/24'])
  for (const address of [
    '2001:db8:0:1::1',
    '2001:db8::1:ffff:0:0:9',
    '2001:0db8:0:1:1:2:3:4',
    '2001:db8:0:1::',
  ]) {
    expect([address, networkOf(address)]).toEqual([address, '2001:db8:0:1::/64'])
  }
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('unknown')).toBe('unknown')
})

test('a set of addresses is written as addresses and CIDR ranges', () => {
  expect(
    ['10.1.2.3', 'fd12::1', '192.0.2.1', '192.0.2.2', '::1', 'unknown', ''].map((address) =>
      trusted(address),
    ),
  ).toEqual([true, true, true, false, false, false, false])
  for (const range of [
    '',
    'x',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    '10.0.0.0/-1',
    '10.0.0',
  ]) {
    expect(() => addressSet([range])).toThrow(RangeError)
  }
})
