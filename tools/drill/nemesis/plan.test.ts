import { expect, test } from 'bun:test'
import { seededRandom } from '@tam/util'
import { type Targets, describeFault, planFaults } from './plan.ts'

const targets: Targets = {
  servers: ['api-1', 'chat-1', 'chat-2', 'presence-1'],
  stores: ['store'],
  links: ['front', 'redis', 'store'],
  clocks: true,
}
const plan = (seed: number, given = targets) =>
  planFaults({ targets: given, random: seededRandom(seed), lengthMs: 120_000 })

test('a seed gives the same plan again, another one another', () => {
  expect(plan(1)).toEqual(plan(1))
  expect(plan(1)).not.toEqual(plan(2))
})

test('no target has two faults at once, every fault ends in time, and some overlap', () => {
  let overlaps = 0
  for (let seed = 1; seed <= 50; seed++) {
    const faults = plan(seed)
    expect(faults.length).toBeGreaterThan(15)
    for (const [index, { atMs, lastsMs, fault }] of faults.entries()) {
      expect(atMs + lastsMs).toBeLessThanOrEqual(120_000)
      for (const later of faults.slice(index + 1).filter((other) => other.atMs < atMs + lastsMs)) {
        expect(later.fault.target).not.toBe(fault.target)
        overlaps++
      }
    }
  }
  expect(overlaps).toBeGreaterThan(50)
})

test('every kind of fault comes, and only where it can', () => {
  const kindsOf = (given: Targets) =>
    new Set(
      Array.from({ length: 30 }, (_, seed) => plan(seed + 1, given))
        .flat()
        .map(({ fault }) => fault.kind),
    )
  const kinds = [
    'kill',
    'pause',
    'drain',
    'flush',
    'clock',
    'blackhole',
    'stall',
    'latency',
    'reset',
    'half-close',
    'cut',
  ]
  expect([...kindsOf(targets)].map(String).sort()).toEqual(kinds.sort())
  expect(kindsOf({ ...targets, clocks: false }).has('clock')).toBe(false)
  const names = Array.from({ length: 30 }, (_, seed) => plan(seed + 1))
    .flat()
    .map(({ fault }) => describeFault(fault))
  expect(names.filter((name) => name.includes('haproxy-presence'))).toEqual([])
})

test('faults have names that people can read', () => {
  const at = { target: 'chat-1', link: 'redis' } as const
  expect(describeFault({ kind: 'blackhole', ...at, directions: ['up'] })).toBe('blackhole chat-1-redis up')
  expect(describeFault({ kind: 'stall', ...at, directions: ['up', 'down'] })).toBe('stall chat-1-redis')
  expect(describeFault({ kind: 'cut', ...at, link: 'front', bytes: 5, direction: 'down' })).toBe(
    'cut haproxy-chat-1 down +5 B',
  )
  expect(describeFault({ kind: 'clock', target: 'api-1', byMs: -30_000 })).toBe('clock api-1 -30 s')
})
