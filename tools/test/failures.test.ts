import { expect, test } from 'bun:test'
import { failures } from './failures.ts'

test('a failed test is shown with its file and what was printed while it ran, and nothing of others', () => {
  const output = [
    'packages/a.test.ts:',
    'noise of the first',
    '(pass) first [1.00ms]',
    'error: expect(received).toBe(expected)',
    '      at a.test.ts:7',
    '(fail) second [2.00ms]',
    '',
    'packages/b.test.ts:',
    '(fail) third [3.00ms]',
    '(pass) fourth [1.00ms]',
  ].join('\n')
  expect(failures(output)).toEqual([
    'packages/a.test.ts:\nerror: expect(received).toBe(expected)\n      at a.test.ts:7\n(fail) second [2.00ms]',
    'packages/b.test.ts:\n(fail) third [3.00ms]',
  ])
})

test('of a long excerpt the end is kept', () => {
  const lines = Array.from({ length: 500 }, (_, i) => `line ${i}`)
  const [excerpt = ''] = failures([...lines, '(fail) it'].join('\n'))
  expect(excerpt).not.toContain('line 0\n')
  expect(excerpt).toEndWith('line 499\n(fail) it')
})
