import { seededRandom } from '@tam/util'
import { expect, test } from 'bun:test'
import { linkify, LINKS_MAX } from './linkify.logic.ts'

const links = (text: string): string[] =>
  linkify(text).flatMap((piece) => (piece.type === 'link' ? [piece.href] : []))
const joinedText = (text: string): string =>
  linkify(text)
    .map((piece) => piece.text)
    .join('')

test('http, https and mail addresses become links, the sentence around them does not', () => {
  expect(links('Xem https://tailieu.saomai.vn/q3 nhé.')).toEqual(['https://tailieu.saomai.vn/q3'])
  expect(links('(http://a.vn/x_(1)), rồi “https://b.vn”!')).toEqual(['http://a.vn/x_(1)', 'https://b.vn/'])
  expect(links('gửi huong.pham@saomai.vn hoặc mailto:dat@saomai.vn')).toEqual([
    'mailto:huong.pham@saomai.vn',
    'mailto:dat@saomai.vn',
  ])
  expect(links('https://vi.wikipedia.org/wiki/Huế')).toEqual(['https://vi.wikipedia.org/wiki/Hu%E1%BA%BF'])
})

test('an address that begins with www is one without its scheme', () => {
  expect(links('đọc www.tuoitre.vn, hoặc (www.tiktok.com/@saomai?a=1:2).')).toEqual([
    'https://www.tuoitre.vn/',
    'https://www.tiktok.com/@saomai?a=1:2',
  ])
  expect(links('www.a.b@saomai.vn')).toEqual(['mailto:www.a.b@saomai.vn'])
})

test('nothing else ever becomes a link', () => {
  for (const text of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(document.cookie)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x file:///etc/passwd ftp://a.vn',
    'https://',
    'www. www.vn www..vn wwww.a.vn xwww.a.vn',
    'http:// trống',
    'mailto:',
    '@Đặng Thanh Trúc 5@ 7',
    'a@b',
  ]) {
    expect(links(text)).toEqual([])
    expect(joinedText(text)).toBe(text)
  }
})

test('a link keeps to its own scheme whatever it carries', () => {
  for (const href of links('https://a.vn/?u=javascript:alert(1) https://a.vn"onclick="x https://a.vn/<b>')) {
    expect(href).toMatch(/^https:\/\/a\.vn/)
    expect(href).not.toMatch(/["<>]/)
  }
})

test('pieces joined are the text, links are bounded, hostile text takes no time', () => {
  const many = 'https://a.vn/ '.repeat(200)
  expect(links(many)).toHaveLength(LINKS_MAX)
  expect(joinedText(many)).toBe(many)
  for (const hostile of [
    'https://' + ')'.repeat(16_000),
    'a.'.repeat(8_000) + '@',
    '@'.repeat(16_000),
    'mailto:'.repeat(2_000),
    'www.'.repeat(4_000),
    'www.a'.repeat(3_000) + '@',
  ]) {
    const started = performance.now()
    expect(joinedText(hostile)).toBe(hostile)
    expect(performance.now() - started).toBeLessThan(500)
  }
})

test('random text comes back whole', () => {
  const seed = Number(process.env['SEED'] ?? 7)
  const random = seededRandom(seed)
  const alphabet = ['https://', 'mailto:', '@', '.', 'vn', 'ở', ')', '(', ' ', '\n', '👍', ',', '/', 'a']
  for (let round = 0; round < 2_000; round++) {
    const text = Array.from(
      { length: 30 },
      () => alphabet[Math.floor(random.float() * alphabet.length)],
    ).join('')
    expect(joinedText(text), `seed ${seed} round ${round}`).toBe(text)
  }
})
