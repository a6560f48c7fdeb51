import { afterAll, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import { FIELD } from './keyboard.ts'
import { rest, ROW } from './timeline-probe.ts'

/* [A11-09] What people have asked their system for. */

afterAll(closeBrowser)

async function open(): Promise<LabPage> {
  const lab = await openLab({ show: 'unread12' })
  await lab.page.waitForSelector(ROW)
  await rest(lab)
  return lab
}

test('A11-09 reduced motion: nothing moves, and fading takes 80 ms at most', async () => {
  await using lab = await open()
  await lab.page.emulateMedia({ reducedMotion: 'reduce' })
  await lab.page.fill(FIELD, 'không bay nhảy')
  await lab.page.press(FIELD, 'Enter')
  await lab.page.locator('.message-side button').last().click()
  const moving = await lab.page.evaluate(() =>
    document.getAnimations().flatMap((animation) => {
      const { duration = 0 } = animation.effect?.getComputedTiming() ?? {}
      const isMove = animation instanceof CSSTransition && animation.transitionProperty !== 'opacity'
      return isMove || Number(duration) > 80 ? [String(animation.id), Number(duration)] : []
    }),
  )
  expect(moving).toEqual([])
  const scroll = await lab.page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)
  expect(scroll).toBe('auto')
})

test('A11-09 more contrast: lines become as strong as text', async () => {
  await using lab = await open()
  const line = () =>
    lab.page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--border').trim())
  const soft = await line()
  await lab.page.emulateMedia({ contrast: 'more' })
  expect(await line()).not.toBe(soft)
  const ratio = await lab.page.evaluate(() => {
    const probe = document.createElement('i')
    document.body.append(probe)
    const luminance = (colour: string): number => {
      probe.style.color = `var(${colour})`
      const [r = 0, g = 0, b = 0] = getComputedStyle(probe)
        .color.match(/\d+/g)!
        .map((part) => Number(part) / 255)
        .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const [light, dark] = [luminance('--canvas'), luminance('--border')].toSorted((a, b) => b - a)
    probe.remove()
    return (light! + 0.05) / (dark! + 0.05)
  })
  expect(ratio).toBeGreaterThanOrEqual(4.5)
})

test('A11-09 forced colours: fields, buttons, the focus and the new-message line can be seen', async () => {
  await using lab = await open()
  await lab.page.emulateMedia({ forcedColors: 'active' })
  await lab.page.focus(FIELD)
  const seen = await lab.page.evaluate(() => {
    const style = (selector: string) => getComputedStyle(document.querySelector(selector)!)
    const page = getComputedStyle(document.documentElement).backgroundColor
    const send = style('.composer button[aria-label="Gửi"]')
    return {
      box: style('.composer-box').borderTopWidth,
      ring: style('.composer-box').outlineStyle,
      line: style('[data-unread-line] > span').backgroundColor !== page,
      send: [send.borderTopStyle, send.borderTopWidth],
    }
  })
  expect(seen).toEqual({ box: '1px', ring: 'solid', line: true, send: ['solid', '1px'] })
})
