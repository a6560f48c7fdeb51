import { describe, expect, test } from 'bun:test'
import { goesThrough, kindOfMove } from './edge-swipe.logic.ts'

const at = (x: number, y: number, ms: number) => ({ x, y, at: ms })

describe('[MOB-01] the swipe from the edge', () => {
  test.each([
    ['a trembling tap', at(9, 404, 30), 'open'],
    ['to the right', at(30, 404, 30), 'swipe'],
    ['a scroll', at(8, 440, 30), 'other'],
    ['a slanted scroll', at(34, 430, 30), 'other'],
    ['to the left', at(-20, 400, 30), 'other'],
  ])('%s', (_, to, kind) => {
    expect(kindOfMove(at(4, 400, 0), to)).toBe(kind as 'open')
  })

  test.each([
    ['let go past a third', at(196, 0, 380), at(200, 0, 400), true],
    ['let go before it', at(76, 0, 380), at(80, 0, 400), false],
    ['a short flick', at(40, 0, 60), at(60, 0, 80), true],
    ['far out and flicked back', at(240, 0, 380), at(220, 0, 400), false],
  ])('%s', (_, before, to, through) => {
    expect(goesThrough(at(4, 0, 0), before, to, 390)).toBe(through)
  })
})
