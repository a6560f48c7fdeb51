import { afterEach, expect, test } from 'bun:test'
import type { Fleet } from '../../fleet/fleet.ts'
import { Recorder } from '../recorder.ts'
import { Nemesis } from './nemesis.ts'
import type { PlannedFault } from './plan.ts'

const running = new Set<Nemesis>()
afterEach(() => running.forEach((nemesis) => nemesis.stop()))

/** Three nodes of Cassandra without the fleet around them; each comes back when it is told to. */
function setUp() {
  const calls: string[] = []
  const back = Promise.withResolvers<void>()
  const cluster = {
    kill: async (node: number) => void calls.push(`kill ${node}`),
    start: async (node: number) => {
      calls.push(`start ${node}`)
      await back.promise
    },
    pause: (node: number) => void calls.push(`pause ${node}`),
    resume: (node: number) => void calls.push(`resume ${node}`),
  }
  const fleet = { servers: [], store: { engine: 'cassandra', nodes: 3, cluster } } as unknown as Fleet
  const nemesis = new Nemesis({ fleet, recorder: new Recorder(), clocks: undefined })
  running.add(nemesis)
  return { calls, back, nemesis }
}

const killed = (atMs: number, target: string): PlannedFault => ({
  atMs,
  lastsMs: 5,
  fault: { kind: 'kill', target },
})
const paused = (atMs: number, target: string): PlannedFault => ({
  atMs,
  lastsMs: 5,
  fault: { kind: 'pause', target },
})

test('a node that has not come back yet is left alone, others are not', async () => {
  const { calls, nemesis } = setUp()
  const said: string[] = []
  const plan = [killed(0, 'cassandra-1'), killed(40, 'cassandra-1'), paused(40, 'cassandra-2')]
  await nemesis.run(plan, (line) => said.push(line))
  expect(calls).toEqual(['kill 0', 'start 0', 'pause 1'])
  expect(said).toEqual([
    'kill cassandra-1',
    'kill cassandra-1 (left out: it has not come back yet)',
    'pause cassandra-2',
  ])
})

test('one that came back is harmed again, and after the faults every node is asked to run', async () => {
  const { calls, back, nemesis } = setUp()
  back.resolve()
  await nemesis.run([killed(0, 'cassandra-1'), killed(60, 'cassandra-1')], () => {})
  await nemesis.heal()
  expect(calls).toEqual(['kill 0', 'start 0', 'kill 0', 'start 0', 'start 0', 'start 1', 'start 2'])
  expect(nemesis.failures).toEqual([])
})

test('a node that does not come back is told, and tried once more', async () => {
  const { calls, back, nemesis } = setUp()
  const healed = nemesis.run([killed(0, 'cassandra-3')], () => {}).then(() => nemesis.heal())
  back.reject(new Error('Cassandra ended at its start'))
  expect(await healed.catch(String)).toContain('Cassandra ended at its start')
  expect(nemesis.failures).toEqual(['kill cassandra-3: Error: Cassandra ended at its start'])
  expect(calls.filter((call) => call === 'start 2')).toHaveLength(2)
})
