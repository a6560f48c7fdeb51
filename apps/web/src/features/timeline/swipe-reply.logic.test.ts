import { expect, test } from 'bun:test'
import { offsetOf, REPLY_AT_PX } from './swipe-reply.logic.ts'

test('MOB-02 a message follows the finger to where it is answered, then slowly, and never to the left', () => {
  expect(offsetOf(-40)).toBe(0)
  expect(offsetOf(30)).toBe(30)
  expect(offsetOf(REPLY_AT_PX)).toBe(REPLY_AT_PX)
  expect(offsetOf(REPLY_AT_PX + 50)).toBe(REPLY_AT_PX + 10)
  expect(offsetOf(2_000)).toBe(88)
})
