import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from './check.ts'
import { History } from './history.ts'
import { plantedFaults } from './planted.ts'
import { readHistory } from './read-history.ts'
import { SYNTHETIC_BUCKET, synthesize } from './synthetic.ts'
import { writeHistory } from './write-history.ts'
import { seededRandom } from '@tam/util'

test('a written history is judged the same when it is read again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tam-history-'))
  try {
    for (const { plant } of plantedFaults) {
      const history = History.from(plant(synthesize({ seed: 3, sends: 100 }), seededRandom(3)))
      const path = join(directory, 'history.jsonl')
      writeHistory(path, history)
      const options = { bucket: SYNTHETIC_BUCKET }
      expect(check(await readHistory(path), options)).toEqual(check(history, options))
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('a line that is not an event is named', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tam-history-'))
  try {
    const path = join(directory, 'history.jsonl')
    await Bun.write(path, '{"type":"stop","at":0,"session":"s"}\nnot json\n')
    await expect(readHistory(path)).rejects.toThrow('history.jsonl:2')
  } finally {
    rmSync(directory, { recursive: true })
  }
})
