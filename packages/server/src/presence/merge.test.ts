import { expect, test } from 'bun:test'
import { decodeHere, encodeHere, userOf } from './here.ts'
import { merge } from './merge.ts'
import { decodeHead, decodeLines, encodeRoster } from './roster.ts'

const here = (since: number, ...devices: string[]) => decodeHere(`an ${since} ${devices.join(',') || '-'}`)

test('[PR5] N16 one status of all devices', () => {
  const cases: [string, ReturnType<typeof merge>][] = [
    ['', undefined],
    ['1 -', { status: 'offline', since: 1, convs: [] }],
    ['1 - / 5 -', { status: 'offline', since: 5, convs: [] }],
    ['1 i / 2 -', { status: 'away', since: 1, convs: [] }],
    ['3 i / 2 i', { status: 'away', since: 2, convs: [] }],
    ['1 i / 5 i,a', { status: 'online', since: 5, convs: [] }],
    ['7 a / 5 a', { status: 'online', since: 5, convs: [] }],
    ['1 i:x / 5 a:y,a:x', { status: 'online', since: 5, convs: ['x', 'y'] }],
  ]
  for (const [text, expected] of cases) {
    const places = text === '' ? [] : text.split(' / ').map((place) => decodeHere(`an ${place}`))
    expect({ text, merged: merge(places, false) }).toEqual({ text, merged: expected })
  }
})

test('[PR6] do not disturb stands for every status of somebody connected', () => {
  expect(merge([here(1, 'a:x'), here(2, 'i')], true)).toEqual({ status: 'dnd', since: 1, convs: ['x'] })
  expect(merge([here(1)], true)?.status).toBe('offline')
})

test('leases come out as they went in', () => {
  const devices = [
    { active: true, conv: 'c8Hn4Jd6Fg2E' },
    { active: false, conv: null },
  ]
  const line = encodeHere('Zq3kT9mW1xYb', { since: 1_700_000_000_000, devices })
  expect(line).toBe('Zq3kT9mW1xYb 1700000000000 a:c8Hn4Jd6Fg2E,i')
  expect([userOf(line), decodeHere(line)]).toEqual(['Zq3kT9mW1xYb', { since: 1_700_000_000_000, devices }])
  for (const lines of [[], [line], [line, encodeHere('b', { since: 1, devices: [] })]]) {
    const roster = encodeRoster({ seq: 3, asOf: 9, lines })
    expect([decodeHead(roster), decodeLines(roster)]).toEqual([{ seq: 3, asOf: 9 }, lines])
  }
})
