import { expect, test } from 'bun:test'
import { join } from 'node:path'

/** What the SDK adds to a page, storage included. */
const GZIP_MAX_BYTES = 21 * 1024

test('the browser client stays under 21 KiB gzip and brings no schema library', async () => {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, '../browser.ts')],
    target: 'browser',
    minify: true,
  })
  const code = await built.outputs[0]!.text()
  expect(Bun.gzipSync(code).length).toBeLessThan(GZIP_MAX_BYTES)
  expect(code).not.toMatch(/zod/i)
})
