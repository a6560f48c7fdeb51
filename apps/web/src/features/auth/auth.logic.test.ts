import { describe, expect, test } from 'bun:test'
import { authText } from '../../i18n/auth.ts'
import { checkLogin, checkRegistration, fieldErrors, suggestUsername } from './auth.logic.ts'

const t = authText.vi

describe('a suggested user name', () => {
  test.each([
    ['Đặng Thanh Trúc', 'truc.dang'],
    ['Nguyễn Văn An', 'an.nguyen'],
    ['Mai', 'mai'],
    ['  Emma   Wilson ', 'wilson.emma'],
    ['👩‍🚀 Mai', 'mai'],
    ['李明', ''],
    ['', ''],
  ])('%s → %s', (name, username) => {
    expect(suggestUsername(name)).toBe(username)
  })

  test('fits the limit', () => {
    expect(suggestUsername(`${'a'.repeat(40)} ${'b'.repeat(40)}`).length).toBeLessThanOrEqual(32)
  })
})

describe('registration is checked before it is sent', () => {
  const right = { name: 'Đặng Thanh Trúc', username: 'truc.dang', password: 'trăng sáng' }

  test('right is right', () => {
    expect(checkRegistration(right, t)).toEqual({})
    expect(checkRegistration({ ...right, username: ' Truc.Dang ' }, t)).toEqual({})
  })

  test.each(['ab', 'trúc', '.truc', 'truc-', 'a b c', 'x'.repeat(33)])(
    'user name %s is refused',
    (username) => {
      expect(checkRegistration({ ...right, username }, t).username).toBeDefined()
    },
  )

  test('every wrong field is told at once, in order', () => {
    expect(Object.keys(checkRegistration({ name: ' ', username: '', password: 'ngắn' }, t))).toEqual([
      'name',
      'username',
      'password',
    ])
  })

  test('a password counts its letters, however they were typed', () => {
    // Seven letters, many more code points when decomposed.
    expect(checkRegistration({ ...right, password: 'ắằẳẵặấầ'.normalize('NFD') }, t).password).toBe(
      'Mật khẩu cần ít nhất 8 ký tự.',
    )
    expect(checkRegistration({ ...right, password: 'ắ'.repeat(1_024).normalize('NFD') }, t)).toEqual({})
    expect(checkRegistration({ ...right, password: 'x'.repeat(1_025) }, t).password).toBe(
      'Mật khẩu dài tối đa 1.024 ký tự.',
    )
  })
})

test('an empty sign-in is told at the fields', () => {
  expect(checkLogin({ login: '', password: '' }, t)).toEqual({ login: t.needLogin, password: t.needPassword })
})

test('[ONB-03] errors of the server land at their fields in the reader’s language', () => {
  const errors = fieldErrors(
    [
      { field: 'username', message: 'must be …' },
      { field: 'email', message: 'Invalid email' },
      { field: 'password', message: 'Too big' },
    ],
    t,
  )
  expect(errors.username).toContain('Tên đăng nhập')
  expect(errors).toMatchObject({ email: 'Invalid email', password: t.longPassword(1_024) })
})
