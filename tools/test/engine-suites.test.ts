import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { must } from '@tam/util'
import { root } from '../run.ts'
import { NEEDS_ENGINE, engineSuites, runEngineSuite } from './engine-suites.ts'

const testFiles = [...new Bun.Glob('{packages,apps,tools,bench}/**/*.{test,e2e}.ts').scanSync(root)].filter(
  (file) => !file.includes('node_modules/'),
)

test('a suite that lacks something is left out, in one line', async () => {
  const suite = {
    name: 'x',
    variable: 'TAM_TEST_X',
    paths: ['nothing'],
    prepare: () => Promise.reject(new Error('Rượu was not found: install it\nby hand')),
  }
  expect(await runEngineSuite(suite)).toEqual({
    passed: 0,
    failed: 0,
    leftOut: ['Rượu was not found: install it'],
  })
})

test('every variable that tests wait for is set by a suite', async () => {
  const sources = new Bun.Glob('{packages,apps,tools}/**/*.ts').scanSync(root)
  const wanted = new Set<string>()
  for (const file of sources) {
    if (!file.includes('node_modules/')) {
      const source = await Bun.file(join(root, file)).text()
      for (const [, variable = ''] of source.matchAll(
        /(?<!delete )process\.env(?:\.|\[')(TAM_TEST_\w+)(?:'\])?(?: [!=]== '1'|$)/gm,
      )) {
        wanted.add(variable)
      }
    }
  }
  wanted.delete('TAM_TEST_STRICT')
  expect([...wanted].sort()).toEqual(engineSuites.map(({ variable }) => variable).sort())
})

test('the browser tests that need a server run against a fleet as well, and only those', () => {
  const { paths } = must(engineSuites.find(({ name }) => name === 'browser on a fleet'))
  expect(paths).toContain('apps/web/e2e/two-people.e2e.test.ts')
  expect(paths).not.toContain('apps/web/e2e/timeline-scroll.e2e.test.ts')
  expect(paths.length).toBeGreaterThanOrEqual(10)
})

test('what the quick tier leaves to the engine suites is run by one of them', () => {
  const globs = NEEDS_ENGINE.map((pattern) => new Bun.Glob(pattern))
  const left = testFiles.filter((file) => globs.some((glob) => glob.match(file)))
  const paths = engineSuites.flatMap((suite) => suite.paths)
  expect(left.length).toBeGreaterThan(10)
  expect(left.filter((file) => !paths.some((path) => file.includes(path)))).toEqual([])
})
