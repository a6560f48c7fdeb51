import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Settings } from '../../packages/server/src/config/settings.ts'
import { root } from '../run.ts'

const read = (name: string) => readFileSync(join(root, name), 'utf8')
const named = (text: string, pattern: RegExp) => [...new Set(text.match(pattern))].sort()

test('every setting is in the table of README.md, and no other', () => {
  const [, table = ''] = /^## Settings\n(.*?)^## /ms.exec(read('README.md')) ?? []
  const settings = named(table, /(?<=`)TAM_[A-Z_]+(?=`)/g)
  expect(settings).toEqual(Object.keys(Settings.shape).sort())
})

test('README.md has every level of the log', () => {
  const [, levels = ''] = /^\| `TAM_LOG_LEVEL` \| `info` \|(.*)$/m.exec(read('README.md')) ?? []
  const { options } = Settings.shape.TAM_LOG_LEVEL.unwrap()
  expect(named(levels, /(?<=`)\w+(?=`)/g)).toEqual([...options].sort())
})

test('every figure is explained in operate.md, and no other', () => {
  const sources = [...new Bun.Glob('packages/server/src/**/*.ts').scanSync(root)]
  const code = sources.filter((path) => !path.endsWith('.test.ts')).map(read)
  const figures = named(code.join('\n'), /(?<=')tam_[a-z_]+(?=')/g)
  expect(figures.length).toBeGreaterThan(10)
  expect(named(read('docs/guides/operate.md'), /\btam_[a-z_]+/g)).toEqual(figures)
})
