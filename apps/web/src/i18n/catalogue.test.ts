import { describe, expect, test } from 'bun:test'
import { Glob } from 'bun'
import { join } from 'node:path'
import type { Area } from './define.ts'

/*
 * [I18-02] Missing keys do not compile. This finds what the compiler cannot: keys that nobody uses, texts that are
 * empty or not NFC, English left in Vietnamese.
 */
const source = join(import.meta.dirname, '..')
const files = await Array.fromAsync(new Glob('**/*.{ts,tsx}').scan({ cwd: source }))
const code = await Promise.all(
  files
    .filter((file) => !file.startsWith('i18n/') && !file.includes('.test.') && !file.startsWith('dev/'))
    .map((file) => Bun.file(join(source, file)).text()),
)
const program = `${code.join('\n')}\n${await Bun.file(join(import.meta.dirname, 'describe-error.ts')).text()}`

type Text = string | ((...values: never[]) => string)
type AnyArea = Area<Record<string, Text>>

function isArea(value: unknown): value is AnyArea {
  return typeof value === 'object' && value !== null && 'vi' in value && 'en' in value
}

const areas: [name: string, area: AnyArea][] = []
for (const file of files.filter((path) => /^i18n\/[a-z-]+\.ts$/.test(path))) {
  const module: Record<string, unknown> = await import(join(source, file))
  for (const [name, value] of Object.entries(module)) {
    if (isArea(value)) {
      areas.push([name, value])
    }
  }
}

test('there are areas to check', () => {
  expect(areas.length).toBeGreaterThan(8)
})

describe.each(areas)('%s', (_, area) => {
  const keys = Object.keys(area.vi)

  test('both languages have the same keys, in the same order', () => {
    expect(Object.keys(area.en)).toEqual(keys)
  })

  test('every key is used', () => {
    const unused = keys.filter((key) => !new RegExp(`[.?]${key}\\b|\\['${key}'\\]`).test(program))
    // Keys that are values of a type, read by `t[value]`.
    const byValue = new Set(['online', 'away', 'dnd', 'offline', 'unknown', 'owner', 'admin', 'member'])
    expect(unused.filter((key) => !byValue.has(key))).toEqual([])
  })

  test('texts are written: not empty, NFC, functions with the same values', () => {
    for (const key of keys) {
      const [vi, en] = [area.vi[key], area.en[key]]
      expect(typeof vi).toBe(typeof en!)
      if (typeof vi === 'string' && typeof en === 'string') {
        expect(vi.trim()).not.toBe('')
        expect(en.trim()).not.toBe('')
        expect(vi.normalize('NFC')).toBe(vi)
      }
    }
  })
})
