import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must, systemRandom } from '@tam/util'
import { Api } from '../drill/api.ts'
import { Session } from '../drill/client/session.ts'
import { Recorder } from '../drill/recorder.ts'
import { Fleet } from './fleet.ts'
import { parseOptions } from './options.ts'

test('the store is chosen by name, and what is not understood is said', () => {
  expect(parseOptions([])).toMatchObject({ store: { engine: 'cassandra', nodes: 1 }, port: 8_080 })
  expect(parseOptions(['--kv', '3']).store).toEqual({ engine: 'cassandra', nodes: 3 })
  expect(parseOptions(['--kv', 'sqlite', '--port', '9000'])).toMatchObject({
    store: { engine: 'sqlite' },
    port: 9_000,
  })
  expect(() => parseOptions(['--kv', '2'])).toThrow('--kv must be 1, 3 or sqlite, not 2')
  expect(() => parseOptions(['--port', '80a'])).toThrow('--port')
})

/** Even within 10 %. */
const isEven = (parts: readonly number[]) => {
  const whole = parts.reduce((sum, part) => sum + part, 0)
  return parts.every((part) => Math.abs(part - whole / parts.length) <= (whole / parts.length) * 0.1)
}

/** Process ids whose command line contains `text`. */
function processesOf(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && require('node:fs').readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
    } catch {
      return false
    }
  })
}

// It needs HAProxy and Redis: the full tier of `npm test` sets this.
if (process.env.TAM_TEST_FLEET === '1') {
  setDefaultTimeout(60_000)

  describe('a fleet that cannot start', () => {
    test('says that its port is in use, before it starts anything', async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      const error = await Fleet.start({ store: { engine: 'sqlite' }, port }).catch(String)
      server.close()
      expect(error).toContain(`port ${port} is in use: stop what listens there`)
    })

    test('stops everything, and says which server ended and why', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'tam-fleet-test-'))
      const program = join(directory, 'ends.ts')
      writeFileSync(program, `console.error('không chạy được'); process.exit(3)`)
      const options = { store: { engine: 'sqlite' as const }, directory, program: [program] }
      const error = await Fleet.start(options).catch(String)
      expect(error).toMatch(/(api|chat|presence|notify)-\d ended at its start:\nkhông chạy được/)
      expect(processesOf(directory)).toEqual([])
      rmSync(directory, { recursive: true })
    })
  })
}
