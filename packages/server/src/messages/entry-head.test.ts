import { expect, test } from 'bun:test'
import { encodeBody, encodeEntry } from '../log/log.ts'
import { countsFor, isMessage, seqOf } from './entry-head.ts'

const common = { cid: 'cid-00000001', at: '2026-09-01T08:00:00.000Z' }
const message = (from: string, text: string) =>
  encodeBody({ type: 'message', id: 'AbCdEfGhIjKl', from, cid: common.cid, text, at: common.at })

test('the head of an entry is read without parsing it', () => {
  for (const seq of [1, 9, 10, 12_345, 9_999_999_999]) {
    const entry = encodeEntry(seq, message('an', 'Chào, "from":"binh" nhé'))
    expect(seqOf(entry)).toBe(seq)
    expect(isMessage(entry)).toBe(true)
    expect(countsFor('an', entry)).toBe(false)
    expect(countsFor('binh', entry)).toBe(true)
  }
})

test('an id that begins like the author counts as another', () => {
  const entry = encodeEntry(7, message('anh', 'x'))
  expect(countsFor('an', entry)).toBe(true)
  expect(countsFor('anh', entry)).toBe(false)
  expect(countsFor('anhh', entry)).toBe(true)
})

test('what a person did not write is no message, whatever it contains', () => {
  const title = '{"seq":1,"type":"message","from":"an"'
  const details = encodeEntry(3, encodeBody({ type: 'details', title, from: 'an', ...common }))
  const member = encodeEntry(
    4,
    encodeBody({ type: 'member', change: 'joined', user: 'an', from: 'an', ...common }),
  )
  expect([details, member].map(isMessage)).toEqual([false, false])
  expect(countsFor('binh', details)).toBe(false)
  expect(seqOf(member)).toBe(4)
})
