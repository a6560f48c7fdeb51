import { describe, expect, test } from 'bun:test'
import { prepare, rank } from './rank.logic.ts'

const names = [
  'Dương Quỳnh Lam',
  'Nguyễn Văn An',
  'Đường Hoa',
  'Nguyễn Thị Ánh',
  'Phan Đình Ẩn',
  'Trần Đang',
  'Đặng Thanh Trúc',
  'ke-hoach-quy-3',
  'Hà Nội',
  'Hả nổi',
]
const candidates = names.map((name) => prepare({ id: name, name }))
const find = (query: string) => rank(query, candidates, 10).map(({ name }) => name)

describe('[QS-02] folded search', () => {
  test.each(['duong', 'DUONG', 'dương'])('%s finds Dương and Đường', (query) => {
    expect(find(query).toSorted()).toEqual(['Dương Quỳnh Lam', 'Đường Hoa'])
  })

  test('marks typed put exact hits first', () => {
    expect(find('đường')[0]).toBe('Đường Hoa')
    expect(find('dương')[0]).toBe('Dương Quỳnh Lam')
    expect(find('hà nội')).toEqual(['Hà Nội', 'Hả nổi'])
  })

  test('đ folds too', () => {
    expect(find('dang').toSorted()).toEqual(['Trần Đang', 'Đặng Thanh Trúc'])
  })

  test('every word of the query begins a word of the name, in any order', () => {
    expect(find('nguyen an')).toEqual(['Nguyễn Văn An', 'Nguyễn Thị Ánh'])
    expect(find('an nguyen')).toEqual(['Nguyễn Văn An', 'Nguyễn Thị Ánh'])
  })

  test('parts of a channel name are words', () => {
    expect(new Set(find('quy'))).toEqual(new Set(['Dương Quỳnh Lam', 'ke-hoach-quy-3']))
    expect(find('hoach quy')).toEqual(['ke-hoach-quy-3'])
  })

  test('decomposed input finds the same', () => {
    expect(find('Đường'.normalize('NFD'))[0]).toBe('Đường Hoa')
  })

  test('nothing typed, nothing found', () => {
    expect(find('  ')).toEqual([])
    expect(find('#')).toEqual([])
    expect(find('zzz')).toEqual([])
  })
})

test('a user name is searched as well', () => {
  const [found] = rank('truc.d', [prepare({ id: 'u', name: 'Đặng Thanh Trúc', alias: 'truc.dang' })], 5)
  expect(found?.id).toBe('u')
})

test('[QS-03] the number of results is bounded', () => {
  const many = Array.from({ length: 5_000 }, (_, index) =>
    prepare({ id: `${index}`, name: `Nguyễn Văn An ${index}` }),
  )
  expect(rank('nguyen', many, 30)).toHaveLength(30)
})
