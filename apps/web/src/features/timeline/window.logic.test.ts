import { seededRandom } from '@tam/util'
import { expect, test } from 'bun:test'
import { messages } from './test-items.ts'
import {
  carrySpan,
  growAfter,
  growBefore,
  SPAN_BASE,
  SPAN_MAX,
  spanAround,
  tailSpan,
  type Span,
} from './window.logic.ts'

const keysOf = (items: ReturnType<typeof messages>, span: Span): string[] =>
  items.slice(span.start, span.end).map((item) => item.key)

test('TL-04 a span begins at the end and never holds more than its limit', () => {
  expect(tailSpan(1_000)).toEqual({ start: 1_000 - SPAN_BASE, end: 1_000 })
  expect(tailSpan(10)).toEqual({ start: 0, end: 10 })
  expect(spanAround(500, 1_000)).toEqual({ start: 470, end: 530 })
  expect(spanAround(3, 1_000)).toEqual({ start: 0, end: SPAN_BASE })
  expect(spanAround(999, 1_000)).toEqual({ start: 940, end: 1_000 })
})

test('TL-01 a page before keeps the drawn rows', () => {
  const before = messages(51, 150)
  const after = messages(1, 150)
  const span = carrySpan({ start: 0, end: 60 }, before, after, false)
  expect(keysOf(after, span)).toEqual(keysOf(before, { start: 0, end: 60 }))
})

test('TL-05 pinned the span follows the end and is cut in one go past its limit', () => {
  const before = messages(1, 150)
  const span = { start: 40, end: 150 }
  expect(carrySpan(span, before, messages(1, 160), true)).toEqual({ start: 40, end: 160 })
  expect(carrySpan(span, before, messages(1, 161), true)).toEqual({ start: 101, end: 161 })
})

test('TL-06 not pinned it stops growing at its limit', () => {
  const before = messages(1, 150)
  expect(carrySpan({ start: 90, end: 150 }, before, messages(1, 155), false)).toEqual({ start: 90, end: 155 })
  expect(carrySpan({ start: 90, end: 150 }, before, messages(1, 5_000), false)).toEqual({
    start: 90,
    end: 90 + SPAN_MAX,
  })
  expect(carrySpan({ start: 0, end: 60 }, before, messages(1, 155), false)).toEqual({ start: 0, end: 60 })
})

test('a window replaced by another shows its end; one trimmed at an edge keeps what is left', () => {
  expect(carrySpan({ start: 0, end: 60 }, messages(1, 60), messages(500, 700), false)).toEqual({
    start: 141,
    end: 201,
  })
  const trimmed = messages(31, 150)
  expect(keysOf(trimmed, carrySpan({ start: 10, end: 70 }, messages(1, 150), trimmed, false))[0]).toBe(
    trimmed[0]?.key ?? '',
  )
})

test('M1 growing past the limit cuts the far end but nothing that is visible', () => {
  expect(growBefore({ start: 100, end: 160 }, 130)).toEqual({ start: 70, end: 160 })
  expect(growBefore({ start: 100, end: 220 }, 120)).toEqual({ start: 70, end: 136 })
  expect(growBefore({ start: 10, end: 130 }, 129)).toEqual({ start: 0, end: 130 })
  expect(growAfter({ start: 100, end: 220 }, 1_000, 180)).toEqual({ start: 165, end: 250 })
  expect(growAfter({ start: 0, end: 60 }, 70, 20)).toEqual({ start: 0, end: 70 })
})

test('a random walk stays inside the items, keeps the visible rows and its bound', () => {
  const seed = Number(process.env['SEED'] ?? 20261122)
  const random = seededRandom(seed)
  let low = 400
  let items = messages(low, 600)
  let span = tailSpan(items.length)
  for (let step = 0; step < 2_000; step++) {
    const choice = random.float()
    // One grows an edge by being near it.
    const near = Math.floor(random.float() * Math.min(50, span.end - span.start))
    const visible = choice < 0.4 ? span.start + near : span.end - 1 - near
    const key = items[visible]?.key
    if (choice < 0.4) {
      span = growBefore(span, visible)
    } else if (choice < 0.7) {
      span = growAfter(span, items.length, visible)
    } else {
      const older = choice < 0.85 && low > 20 ? 20 : 0
      low -= older
      const next = messages(low, Number(items.at(-1)?.seq) + (choice > 0.9 ? 7 : 0))
      span = carrySpan(span, items, next, false)
      items = next
    }
    const drawn = keysOf(items, span)
    expect(span.start >= 0 && span.end <= items.length && drawn.length > 0, `seed ${seed} step ${step}`).toBe(
      true,
    )
    expect(drawn.length, `seed ${seed} step ${step}`).toBeLessThanOrEqual(SPAN_MAX)
    expect(drawn.includes(key ?? ''), `seed ${seed} step ${step}`).toBe(true)
  }
})
