import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'

const css = await Bun.file(join(import.meta.dirname, 'tokens.css')).text()

type Tokens = ReadonlyMap<string, string>

/** The custom properties of the first block that `selector` opens. */
function block(selector: string, from = 0): Tokens {
  const start = css.indexOf(selector, from)
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start))
  return new Map([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1]!, match[2]!]))
}

const light = block(':root {')
const dark = block(":root[data-theme='dark']")
const systemDark = block(":root:not([data-theme='light'])")
const avatars = block(':root {', css.indexOf('White initials'))

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.040_45 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

const TEXT_ON: readonly (readonly [text: string, surface: string])[] = [
  ['text', 'canvas'],
  ['text', 'sidebar'],
  ['text', 'selected'],
  ['text', 'hover'],
  ['text', 'mention-bg'],
  ['text', 'bubble-own'],
  ['text2', 'canvas'],
  ['text2', 'rail'],
  ['text2', 'sidebar'],
  ['text2', 'selected'],
  ['text2', 'raised'],
  ['text3', 'canvas'],
  ['text3', 'sidebar'],
  ['text3', 'hover'],
  ['text3', 'raised'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['accent-text', 'canvas'],
  ['accent-text', 'selected'],
  ['accent-text', 'accent-subtle'],
  ['on-danger', 'danger'],
  ['danger-text', 'canvas'],
  ['danger-text', 'sidebar'],
  ['on-badge', 'badge'],
  ['on-badge-muted', 'badge-muted'],
  ['warn-text', 'warn-bg'],
  ['success-text', 'canvas'],
  ['code-text', 'sunken'],
  ['divider', 'canvas'],
]

const SIGN_ON: readonly (readonly [sign: string, surface: string])[] = [
  ['border-strong', 'canvas'],
  ['focus', 'canvas'],
  ['focus', 'sidebar'],
  ['focus', 'rail'],
  ['online', 'sidebar'],
  ['away', 'sidebar'],
  ['offline', 'sidebar'],
  ['mention-bar', 'mention-bg'],
]

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('%s', (_, tokens) => {
  test.each(TEXT_ON)('%s on %s is readable (4.5)', (text, surface) => {
    expect(contrast(tokens.get(text)!, tokens.get(surface)!)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(SIGN_ON)('%s on %s is visible (3)', (sign, surface) => {
    expect(contrast(tokens.get(sign)!, tokens.get(surface)!)).toBeGreaterThanOrEqual(3)
  })
})

test('dark by the system and dark by choice are the same', () => {
  expect([...systemDark]).toEqual([...dark])
})

test('light and dark define the same names', () => {
  expect([...dark.keys()]).toEqual([...light.keys()])
})

test('[PRO-02] a white initial is readable on every avatar', () => {
  expect(avatars.size).toBe(8)
  for (const colour of avatars.values()) {
    expect(contrast('#ffffff', colour)).toBeGreaterThanOrEqual(4.5)
  }
})
