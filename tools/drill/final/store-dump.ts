import { Database } from 'bun:sqlite'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Entry } from '@tam/protocol'
import { must } from '@tam/util'
import { STORE } from '../checker/history.ts'
import { findDatabase } from '../find-database.ts'
import type { Recorder } from '../recorder.ts'

interface Row {
  readonly partition: string
  readonly key: string
  readonly value: string
}

/**
 * Records every log as the database file holds it, entries and dedupe rows. Works on a copy: the server must not
 * be running.
 */
export function dumpStore(dataDir: string, recorder: Recorder): void {
  const copy = mkdtempSync(join(tmpdir(), 'tam-drill-'))
  try {
    cpSync(dataDir, copy, { recursive: true })
    using database = new Database(findDatabase(copy))
    const rows = database.query<Row, []>(
      `SELECT partition, key, CAST(value AS TEXT) AS value FROM kv WHERE partition >= 'log/' AND partition < 'log0'`,
    )
    recordRows(rows.all(), recorder)
  } finally {
    rmSync(copy, { recursive: true })
  }
}

function recordRows(rows: readonly Row[], recorder: Recorder): void {
  const logs = Map.groupBy(rows, ({ partition }) => must(partition.split('/')[1]))
  for (const [conv, ofLog] of logs) {
    recorder.add({ type: 'dump', node: STORE, conv, scope: 'all' })
    const entries = ofLog.filter(({ key }) => key.startsWith('m/')).sort(byBucketAndKey)
    for (const { partition, value } of entries) {
      const entry = JSON.parse(value) as Entry
      const common = { node: STORE, conv, kind: entry.type, bucket: bucketOf(partition) }
      recorder.add({ type: 'final', ...common, ...recorder.seen(conv, entry) })
    }
    for (const { partition, key, value } of ofLog.filter(({ key }) => key.startsWith('d/'))) {
      const [, author = '', cid = ''] = key.split('/')
      const seq = Number(value.split(' ')[0])
      const bucket = bucketOf(partition)
      recorder.add({ type: 'dedupe', conv, bucket, author, cid, seq: Number.isInteger(seq) ? seq : null })
    }
  }
}

function byBucketAndKey(a: Row, b: Row): number {
  return bucketOf(a.partition) - bucketOf(b.partition) || (a.key < b.key ? -1 : 1)
}

function bucketOf(partition: string): number {
  return Number(partition.split('/')[2])
}
