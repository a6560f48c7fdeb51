import { expect, test } from 'bun:test'
import { encodeEntry } from '../log/log.ts'
import { decodeFeedEvent, encodeFeedEvent } from './entry-feed.ts'

const message = (seq: number, text: string) =>
  encodeEntry(seq, JSON.stringify({ type: 'message', id: 'i', text }).slice(1))
const member = (seq: number) => encodeEntry(seq, JSON.stringify({ type: 'member', user: 'an' }).slice(1))

test('entries come out as they went in, told apart without parsing', () => {
  const entries = [message(7, 'một'), message(8, '"},{"seq":9,\n\u2028'), message(9, 'ba')]
  expect(decodeFeedEvent(encodeFeedEvent('conv', 7, entries))).toEqual({
    first: 7,
    last: 9,
    kind: 'messages',
    entries,
  })
})

test('one entry that is no message makes the stretch one to look at', () => {
  expect(decodeFeedEvent(encodeFeedEvent('conv', 1, [message(1, 'type'), member(2)]))?.kind).toBe('control')
  expect(decodeFeedEvent(encodeFeedEvent('conv', 1, [message(1, '"type":"member"')]))?.kind).toBe('messages')
})

test('8 KiB of UTF-8 travel, one byte more is a hint', () => {
  const around = message(1, '').length
  const fits = message(1, 'x'.repeat(8 * 1024 - around))
  expect(decodeFeedEvent(encodeFeedEvent('conv', 1, [fits]))?.entries).toEqual([fits])
  const vietnamese = message(1, 'ằ'.repeat(2_700) + 'x'.repeat(8 * 1024 - around - 8_100))
  expect(decodeFeedEvent(encodeFeedEvent('conv', 1, [vietnamese]))?.kind).toBe('messages')
  const tooMuch = [`${vietnamese}x`]
  expect(decodeFeedEvent(encodeFeedEvent('conv', 5, tooMuch))).toEqual({
    first: 5,
    last: 5,
    kind: 'hint',
    entries: [],
  })
})

test('a message that is none of ours is nothing', () => {
  for (const text of [
    '',
    'conv 1 1 m',
    'conv 1 1 x\n{}',
    'conv 2 1 m\n',
    'conv 0 1 m\n{}\n{}',
    'conv 1 2 m\n{}',
    'conv a b m\n',
  ]) {
    expect({ text, event: decodeFeedEvent(text) }).toEqual({ text, event: undefined })
  }
})
