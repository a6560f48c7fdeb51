import { expect, test } from 'bun:test'
import { isCommonPassword } from './common-passwords.ts'

const COMMON = [
  'password',
  'Password1',
  'P@ssw0rd2024',
  'passw0rd!',
  '12345678',
  '123456789a',
  '87654321',
  '11223344',
  '00000000',
  'abcabcabc',
  '19901990',
  'qwertyuiop',
  'Qwerty123456',
  '1q2w3e4r',
  '1qaz2wsx',
  'abcd1234',
  'iloveyou1',
  'Welcome@123',
  'mật khẩu',
  'Matkhau@2026',
  'mat-khau-123',
  'anhyeuem',
  'Em yêu anh 1999',
  'khongbiet123',
  'vietnam01011990',
  'hạnh phúc!',
  'đăng nhập 1',
  'tâmtâmtâm',
  '        ',
  'a b c d      ',
]

const GOOD = [
  'mật khẩu dài',
  'mật khẩu của Trúc',
  'an-tam-dev',
  'con mèo leo cây cau',
  'trăng sáng quá đêm nay',
  'correct horse battery staple',
  '38aa19!4$x',
  'gT7#kq92Lp',
  '密码很长很长很长',
  '20102015',
  'password of my grandmother',
  'ắằẳẵặấầẩẫậ',
]

test('[6.2.4] what everybody chooses is common, however it is spelled', () => {
  expect(COMMON.filter((password) => !isCommonPassword(password, 'truc.dang'))).toEqual([])
})

test('[6.2.5] what is long or one’s own is not, of whatever signs', () => {
  expect(GOOD.filter((password) => isCommonPassword(password, 'truc.dang'))).toEqual([])
})

test('[6.2.11] the own user name is common for oneself only', () => {
  expect(isCommonPassword('Truc.Dang1', 'truc.dang')).toBe(true)
  expect(isCommonPassword('Trúc Đặng 1998', 'truc.dang')).toBe(true)
  expect(isCommonPassword('Truc.Dang1', 'binh.le')).toBe(false)
})

test('a password of any size is judged at once', () => {
  const began = performance.now()
  for (const text of ['a', '1', 'ab', 'qwerty', 'ắ', '!', 'mật khẩu ']) {
    isCommonPassword(text.repeat(4_096 / text.length), 'truc')
  }
  expect(performance.now() - began).toBeLessThan(500)
})
