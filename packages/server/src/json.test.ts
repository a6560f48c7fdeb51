import { expect, test } from 'bun:test'
import { JSON_DEPTH_MAX, JSON_KEYS_MAX } from '@tam/protocol'
import { type Random, seededRandom } from '@tam/util'
import { AppError } from './errors.ts'
import { parseGuarded } from './json.ts'

const outcome = (text: string): unknown => {
  try {
    return { value: parseGuarded(text) }
  } catch (error) {
    return error instanceof AppError ? { code: error.code, detail: error.message } : error
  }
}
const refused = (detail: string) => ({ code: 'invalid_json', detail })

test('what JSON.parse reads without a trap is read the same', () => {
  for (const text of [
    '{"t":"send","id":2,"text":"chào \\"bạn\\" {[,:]} \\\\"}',
    '[{"a":1},{"a":2}]',
    '{"a":{"a":{"a":1}},"b":["a","a","a"]}',
    '{"a":"a","b":"a"}',
    '{"":{"":1}}',
    '  [ 1 , "x" , null ]  ',
    '"a"',
    '{"__proto":1,"constructors":2}',
    '["__proto__","constructor"]',
    '{"a":"__proto__"}',
  ]) {
    expect([text, outcome(text)]).toEqual([text, { value: JSON.parse(text) as unknown }])
  }
})

test('a key that occurs twice in one object is refused, however it is written', () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":1,"b":{"c":1},"a":2}',
    '[[{"x":[{"a":1, "a" :2}]}]]',
    '{"a":1,"\\u0061":2}',
    '{"a"\n:1,"a"\t:2}',
    '{"":1,"":2}',
    '{"a\\"b":1,"a\\u0022b":2}',
  ]) {
    expect([text, outcome(text)]).toEqual([text, refused('A key occurs twice')])
  }
})

test('keys that reach prototypes are refused', () => {
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    const escaped = `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}`
    for (const text of [`{"${key}":1}`, `{"a":[{"b":{"${key}":{}}}]}`, `{"${escaped}":1}`]) {
      expect([text, outcome(text)]).toEqual([text, refused(`The key ${key} is not allowed`)])
    }
  }
})

test('depth and keys end exactly at their limits', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(outcome(nested(JSON_DEPTH_MAX))).toHaveProperty('value')
  expect(outcome(nested(JSON_DEPTH_MAX + 1))).toEqual(refused('Nested too deeply'))
  const keyed = (count: number) => `{${Array.from({ length: count }, (_, index) => `"${index}":0`).join()}}`
  expect(outcome(keyed(JSON_KEYS_MAX))).toHaveProperty('value')
  expect(outcome(keyed(JSON_KEYS_MAX + 1))).toEqual(refused('Too many keys'))
  const spread = `[${Array.from({ length: JSON_KEYS_MAX + 1 }, () => '{"a":0}').join()}]`
  expect(outcome(spread)).toEqual(refused('Too many keys'))
})

test('malformed text is refused without an exception of another kind', () => {
  for (const text of [
    '',
    '{',
    '}',
    ']',
    '"',
    '"\\',
    '"\\"',
    '{"a',
    '{"a":',
    '{"a"}',
    '"a":1',
    '{"\\x":1}',
    '\\',
    ':::',
    '{"a":1}}',
    '[1,]',
  ]) {
    expect([text, (outcome(text) as { code: string }).code]).toEqual([text, 'invalid_json'])
  }
})

/** Any JSON with few keys, so that they often collide, in any spelling. */
function generate(random: Random, depth: number): string {
  const space = () => ' \n\t'[Math.floor(random.float() * 8)] ?? ''
  const string = () => {
    const text = ['a', 'b', '__proto__', 'đ', '"', '\\', '}', ':'][Math.floor(random.float() * 8)]!
    const json = JSON.stringify(text)
    return random.float() < 0.3
      ? `"\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}${json.length > 3 ? text.slice(1) : ''}"`
      : json
  }
  const list = (item: () => string) => Array.from({ length: Math.floor(random.float() * 4) }, item).join(',')
  switch (depth > 3 ? 0 : Math.floor(random.float() * 4)) {
    case 1:
      return `{${list(() => `${space()}${string()}${space()}:${generate(random, depth + 1)}`)}${space()}}`
    case 2:
      return `[${list(() => space() + generate(random, depth + 1))}${space()}]`
    case 3:
      return string()
    default:
      return '1'
  }
}

/** The same judgement, by a reviver-free walk that keeps every key: an independent reader. */
function isTrapped(text: string): boolean {
  let trapped = false
  let index = 0
  const skip = () => {
    while (/\s/.test(text[index] ?? 'x')) {
      index++
    }
  }
  const readString = (): string => {
    const start = index++
    while (text[index] !== '"') {
      index += text[index] === '\\' ? 2 : 1
    }
    return JSON.parse(text.slice(start, ++index)) as string
  }
  const readItems = (end: string, item: () => void) => {
    index++
    for (skip(); text[index] !== end; skip()) {
      item()
      skip()
      index += text[index] === ',' ? 1 : 0
    }
    index++
  }
  const readValue = (): void => {
    skip()
    if (text[index] === '{') {
      const keys: string[] = []
      readItems('}', () => {
        keys.push(readString())
        skip()
        index++
        readValue()
      })
      trapped ||= new Set(keys).size !== keys.length || keys.includes('__proto__')
    } else if (text[index] === '[') {
      readItems(']', readValue)
    } else if (text[index] === '"') {
      readString()
    } else {
      index++
    }
  }
  readValue()
  return trapped
}

test('an independent reader agrees about any JSON', () => {
  let trapped = 0
  for (let seed = 1; seed <= 5_000; seed++) {
    const text = generate(seededRandom(seed), 0)
    const expected = isTrapped(text)
    trapped += expected ? 1 : 0
    const actual = outcome(text) as { value?: unknown }
    expect({ seed, text, trapped: !('value' in actual) }).toEqual({ seed, text, trapped: expected })
    if (!expected) {
      expect(actual.value).toEqual(JSON.parse(text))
    }
  }
  expect(trapped).toBeGreaterThan(300)
})
