import { expect, test } from 'bun:test'
import { decodeClusterSlots, decodeRedirection } from './cluster-map.ts'

const asked = { host: '10.0.0.9', port: 7000 }

test('CLUSTER SLOTS: the master of each range, replicas left out', () => {
  const reply = [
    [0, 99, ['10.0.0.1', 7001, 'id', []], ['10.0.0.4', 7004, 'id', []]],
    [100, 16383, ['', 7002, 'id', []]],
  ]
  expect(decodeClusterSlots(reply, asked)).toEqual([
    { from: 0, to: 99, owner: { host: '10.0.0.1', port: 7001 } },
    { from: 100, to: 16383, owner: { host: '10.0.0.9', port: 7002 } },
  ])
})

test.each([[null], [[1]], [[[0, 99]]], [[[0, 99, ['h', '7001']]]]])('%p is no map', (reply) => {
  expect(() => decodeClusterSlots(reply, asked)).toThrow('CLUSTER SLOTS')
})

test('redirections', () => {
  expect(decodeRedirection(new Error('MOVED 3999 127.0.0.1:6381'), asked)).toEqual({
    kind: 'moved',
    slot: 3999,
    owner: { host: '127.0.0.1', port: 6381 },
  })
  expect(decodeRedirection(new Error('ASK 1 ::1:6381'), asked)).toMatchObject({
    kind: 'ask',
    owner: { host: '::1' },
  })
  expect(decodeRedirection(new Error('MOVED 1 :6381'), asked)?.owner).toEqual({
    host: '10.0.0.9',
    port: 6381,
  })
  expect(decodeRedirection(new Error('CLUSTERDOWN The cluster is down'), asked)).toBeUndefined()
})
