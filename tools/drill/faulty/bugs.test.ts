import { expect, test } from 'bun:test'
import { BUGS, findBug } from './bugs.ts'

/** Every way to lose, double or reorder that the design knows: the fault that stands for it, and who has to see it. */
const DESIGN: Readonly<Record<string, readonly [bug: string, ...invariants: string[]]>> = {
  'ack before commit': ['ack-before-commit', 'I2'],
  'publish before commit': ['publish-before-commit', 'I6'],
  'counter, then insert': ['counter-then-insert', 'I1'],
  'no dedupe row': ['no-dedupe-row', 'I4'],
  'look-back of one bucket': ['one-bucket-look-back', 'I4'],
  'base raised on retry': ['base-raised', 'I4'],
  'drop the gap fetch': ['hidden-gaps', 'I7', 'I11'],
  'plain fail for a refused resend': ['plain-refusal', 'I5'],
  'fetch before subscribe': ['fetch-before-subscribe', 'I7', 'I11'],
  'cursor = now': ['cursor-jumps-to-now', 'I7'],
  'frames handled in parallel': ['frames-in-parallel', 'I9'],
  'unread++': ['lost-read-positions', 'I12'],
  'revoke without closing sockets': ['quiet-logouts', 'I13'],
  'retry with a new cid': ['retry-with-a-new-cid', 'I3'],
  'next seq after Unknown': ['renumber-after-unknown', 'I1', 'I4'],
  'ack before fsync': ['ack-before-fsync', 'I2'],
}

test.each(Object.entries(DESIGN))('%s is planted', (_mutation, [bug, ...invariants]) => {
  expect(findBug(bug).violates).toEqual(expect.arrayContaining(invariants))
})

test('names are used once, and others are refused with all there are', () => {
  const names = BUGS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(() => findBug('không có')).toThrow(names.join(', '))
})
