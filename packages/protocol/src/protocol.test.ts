import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import {
  Bio,
  Name,
  CLOSE,
  countGraphemes,
  DownFrame,
  ERROR,
  fold,
  MessageText,
  reconnectAfter,
  StatusText,
  TEXT_MAX_BYTES,
  TEXT_MAX_GRAPHEMES,
  UpFrame,
} from './index.ts'
import { schemas } from './schemas.ts'

/** Changes with every change of the wire. When it does: bump it here and add a line to docs/protocol/changelog.md. */
const WIRE_HASH = '1a6cf8674df43064'

const fixtures = (kind: 'valid' | 'invalid', name: string): unknown[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/${kind}/${name}.json`, import.meta.url), 'utf8')) as unknown[]
const names = (kind: 'valid' | 'invalid') =>
  readdirSync(new URL(`../fixtures/${kind}/`, import.meta.url)).map((file) => file.replace('.json', ''))
const schemaOf = (name: string) => schemas[name as keyof typeof schemas]

describe('fixtures', () => {
  for (const name of names('valid')) {
    test(`${name}: every valid fixture passes`, () => {
      for (const fixture of fixtures('valid', name)) {
        expect(schemaOf(name).safeParse(fixture)).toMatchObject({ success: true })
      }
    })
  }
  for (const name of names('invalid')) {
    test(`${name}: every invalid fixture is refused`, () => {
      for (const fixture of fixtures('invalid', name)) {
        expect({ fixture, accepted: schemaOf(name).safeParse(fixture).success }).toEqual({
          fixture,
          accepted: false,
        })
      }
    })
  }
  test('every frame and body has valid fixtures, every input and frame invalid ones', () => {
    const replies = /(Reply|Session|Preview)$/
    expect(Object.keys(schemas).filter((name) => !names('valid').includes(name))).toEqual([])
    expect(
      Object.keys(schemas).filter((name) => !replies.test(name) && !names('invalid').includes(name)),
    ).toEqual([])
  })
  test('up and down unions accept exactly the frames of their side', () => {
    const up = [
      'AuthFrame',
      'SyncFrame',
      'SendFrame',
      'HistoryFrame',
      'ReadFrame',
      'TypingFrame',
      'WatchFrame',
      'FocusFrame',
      'PingFrame',
    ]
    for (const name of names('valid').filter((n) => /Frame$|Ok$|Notice$/.test(n))) {
      for (const fixture of fixtures('valid', name)) {
        const side = up.includes(name) ? UpFrame : DownFrame
        expect({ name, ok: side.safeParse(fixture).success }).toEqual({ name, ok: true })
      }
    }
    expect(UpFrame.safeParse({ t: 'hello' }).success).toBe(false)
  })
})

test('the wire has not changed without a changelog line', () => {
  const wire = Object.entries(schemas).map(([name, schema]) => [
    name,
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  ])
  const hash = new Bun.CryptoHasher('sha256').update(JSON.stringify(wire)).digest('hex').slice(0, 16)
  expect(hash).toBe(WIRE_HASH)
  const changelog = readFileSync(new URL('../../../docs/protocol/changelog.md', import.meta.url), 'utf8')
  expect(changelog).toContain(hash)
})

test('an entry frame of a 100-byte message stays under 300 bytes', () => {
  const entry = {
    seq: 123456,
    type: 'message',
    id: 'm5Qw8Er2Ty6U',
    from: 'Zq3kT9mW1xYb',
    cid: 'a'.repeat(22),
    text: 'x'.repeat(100),
    at: new Date(0).toISOString(),
  }
  expect(JSON.stringify({ t: 'entry', conv: 'c8Hn4Jd6Fg2E', entries: [entry] }).length).toBeLessThan(300)
})

describe('message text', () => {
  test('IME-12 NFD input is stored as NFC', () => {
    expect(MessageText.parse('tiếng Việt'.normalize('NFD'))).toBe('tiếng Việt'.normalize('NFC'))
  })
  test('W41 lone surrogates and NUL are refused, never replaced', () => {
    expect(MessageText.safeParse('a\ud800b').success).toBe(false)
    expect(MessageText.safeParse('a\u0000b').success).toBe(false)
  })
  test('limits count graphemes and bytes after NFC', () => {
    expect(MessageText.safeParse('ệ'.repeat(TEXT_MAX_GRAPHEMES)).success).toBe(true)
    expect(MessageText.safeParse('ệ'.repeat(TEXT_MAX_GRAPHEMES + 1)).success).toBe(false)
    expect(MessageText.safeParse('👩‍🚀'.repeat(1_400)).success).toBe(true)
    expect(MessageText.safeParse('👩‍🚀'.repeat(Math.ceil(TEXT_MAX_BYTES / 11) + 1)).success).toBe(false)
    expect(countGraphemes('👩‍🚀ệ')).toBe(2)
  })
})

test('the lines of a bio end in one way, those of a status are one', () => {
  expect(Bio.parse(' dòng 1\r\ndòng 2\rdòng 3 ')).toBe('dòng 1\ndòng 2\ndòng 3')
  expect(StatusText.parse('Đi vắng\r\n')).toBe('Đi vắng')
})

test('free text takes what languages and emoji are written with, and no pile of marks however it is parted', () => {
  for (const text of ['می‌خواهم', 'ക്‌ഷ', 'Anh 🏴󠁧󠁢󠁥󠁮󠁧󠁿 đấy', 'שלום\u200e!', '👩🏻‍❤️‍💋‍👨🏿', 'ส้มตำ', 'Ẫ'.normalize('NFD')]) {
    expect([text, Bio.safeParse(text).success]).toEqual([text, true])
  }
  const piles = [
    'a' + '\u0301\u0301\u0301\u0301\u200d'.repeat(3),
    'a' + '\u200d'.repeat(40),
    '\u1100'.repeat(40),
  ]
  const deceptive = ['a\u202eb', 'a\u200bb', 'a\u{e0067}b', '🏳\u{e0067}']
  for (const text of [...piles, ...deceptive]) {
    expect([text, Bio.safeParse(text).success, StatusText.safeParse(text).success]).toEqual([
      text,
      false,
      false,
    ])
  }
  for (const name of piles) {
    expect([name, Name.safeParse(name).success]).toEqual([name, false])
  }
  expect(StatusText.safeParse('x'.repeat(5_000)).error?.issues[0]?.message).toBe(
    'must have at most 100 characters',
  )
})

test('QS-02 fold makes accented, unaccented and upper-case forms meet, and keeps other scripts', () => {
  for (const form of ['đường', 'Duong', 'ĐƯỜNG', 'đường'.normalize('NFD')]) {
    expect(fold(form)).toBe('duong')
  }
  expect(fold('ภาษาไทย')).toBe('ภาษาไทย')
})

test('ER error codes: the status class and the retry flag agree', () => {
  for (const [code, error] of Object.entries(ERROR)) {
    if (error.status < 500 && error.status !== 429 && code !== 'aborted_after') {
      expect({ code, retry: error.retry }).toEqual({ code, retry: false })
    }
  }
})

test('CN close codes are unique and decide whether to reconnect', () => {
  const codes = Object.values(CLOSE).map((close) => close.code)
  expect(new Set(codes).size).toBe(codes.length)
  expect(reconnectAfter(CLOSE.unauthenticated.code)).toBe('after-login')
  expect(reconnectAfter(1006)).toBe('yes')
})
