/*
 * The victim of the crash tests: writes rows as fast as it can, many at once, and prints the number of each row after
 * its acknowledgement. Arguments: path, bytes per value, n-th COMMIT to fail (0: none).
 */
import { writeSync } from 'node:fs'
import { systemClock } from '@tam/util'
import { openSqliteKv } from './kv.sqlite.ts'

const [path = '', bytes = '0', failCommit = '0'] = process.argv.slice(2)
const kv = await openSqliteKv({
  path,
  clock: systemClock,
  faults: failCommit === '0' ? {} : { failCommit: Number(failCommit) },
  onFatal: (error) => {
    writeSync(2, `${error.message}\n`)
    process.exit(70)
  },
})
const value = 'x'.repeat(Number(bytes))
let next = (await kv.scan('p', { from: 'r', to: 's', limit: 1, reverse: true })).reduce(
  (_, { key }) => Number(key.slice(1)) + 1,
  0,
)

async function write(): Promise<void> {
  for (;;) {
    const row = next++
    const key = `r${String(row).padStart(10, '0')}`
    const twin = `t${key}`
    await kv.commit('p', {
      expect: [{ key, rev: null }],
      put: [
        { key, value },
        { key: twin, value: key },
      ],
    })
    writeSync(1, `${row}\n`)
  }
}

await Promise.all(Array.from({ length: 64 }, write))
