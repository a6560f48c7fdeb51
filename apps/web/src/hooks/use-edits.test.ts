import { expect, test } from 'bun:test'
import { changesOf } from './use-edits.ts'

test('what nobody touched is not stored again, nor what is as it was, nor the space around a text', () => {
  const stored = { title: 'Về Huế', topic: 'Thứ sáu 19:00' }
  expect(changesOf(stored, {})).toEqual({})
  expect(changesOf(stored, { title: ' Về Huế ' })).toEqual({})
  expect(changesOf(stored, { title: 'Về Huế mùa hoa ' })).toEqual({ title: 'Về Huế mùa hoa' })
  expect(changesOf(stored, { title: 'Về Huế', topic: '' })).toEqual({ topic: '' })
})
