import { describe, expect, test } from 'bun:test'
import { simulateTree } from './fan-out-tree.ts'
import { simulateSharding } from './topic-sharding.ts'

describe('the tree of fan-out', () => {
  const options = { seed: 1, copyMs: 0.01, hopMs: 0, rate: 1, messages: 50 }

  test('one node alone takes the time of all its copies', () => {
    const { p50, levels, relays } = simulateTree({ ...options, gateways: 100, degree: 100 })
    expect({ p50, levels, relays }).toEqual({ p50: expect.closeTo(1, 6), levels: 1, relays: 0 })
  })

  test('two levels take the copies of each in turn', () => {
    const { p50, levels, relays, rateMax } = simulateTree({ ...options, gateways: 100, degree: 10 })
    expect({ p50, levels, relays }).toEqual({ p50: expect.closeTo(0.2, 6), levels: 2, relays: 10 })
    expect(rateMax).toBeCloseTo(10_000, 6)
  })

  test('a node that is given more than it can send falls behind', () => {
    const { busiest, p99 } = simulateTree({ ...options, rate: 2_000, gateways: 100, degree: 100 })
    expect(busiest).toBeCloseTo(2, 6)
    expect(p99).toBeGreaterThan(10)
  })
})

describe('the sharding of topics', () => {
  const options = {
    seed: 1,
    people: 2_000,
    organisation: 500,
    gateways: 20,
    busNodes: 3,
    messages: 2_000,
    rate: 1,
  }

  test('one gateway hears everything, however it is named', () => {
    const { reach } = simulateSharding({ ...options, gateways: 1 })
    expect(reach).toEqual({ broadcast: 1, topic: 1, together: 1 })
  })

  test('who subscribes hears less than all, and least where people are together', () => {
    const { reach, topics, deliveries } = simulateSharding(options)
    expect(reach.topic).toBeLessThan(reach.broadcast)
    expect(reach.together).toBeLessThan(reach.topic)
    expect(topics.together).toBeLessThan(topics.topic)
    expect(deliveries.open).toBeLessThan(deliveries.all)
  })

  test('says the same for the same seed', () => {
    expect(simulateSharding(options)).toEqual(simulateSharding(options))
  })
})
