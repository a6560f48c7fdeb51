import { describe, expect, test } from 'bun:test'
import { AVATAR_COLOURS, colourOf, initialOf, initialOfTitle } from './avatar.logic.ts'

describe('[PRO-02] initials', () => {
  test.each([
    ['Nguyễn Văn An', 'A'],
    ['Đặng', 'Đ'],
    ['Việt Nam', 'N'],
    ['👩‍🚀 Mai', 'M'],
    ['Mai 🌸', 'M'],
    ['Trần Thị Bích Ngọc (Kế toán)', 'N'],
    ['phan đình ẩn', 'Ẩ'],
    ['Phan Đình Ẩn'.normalize('NFD'), 'Ẩ'],
    ['user 7', '7'],
    ['  ', ''],
    ['👩‍🚀', '👩‍🚀'],
  ])('%s → %s', (name, initial) => {
    expect(initialOf(name)).toBe(initial)
  })

  test('a title reads from the front', () => {
    expect(initialOfTitle('Về Huế dịp Tết')).toBe('V')
    expect(initialOfTitle('🎉 tiệc')).toBe('T')
    expect(initialOfTitle('🎉')).toBe('#')
  })
})

describe('colours', () => {
  test('the same id has the same colour', () => {
    expect(colourOf('u01_huongpham')).toBe(colourOf('u01_huongpham'))
  })

  test('ids spread over all colours', () => {
    const seen = new Set(Array.from({ length: 200 }, (_, index) => colourOf(`user-${index}`)))
    expect(seen.size).toBe(AVATAR_COLOURS)
  })
})
