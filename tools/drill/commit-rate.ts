import type { Kv } from '@tam/server/ports/kv/kv.ts'

/** As many logs as the drill has conversations. */
const PARTITIONS = 12
const MEASURE_MS = 5_000

/** Commits a second that the store takes, one after the other in each of twelve partitions. */
export async function measureCommits(kv: Kv): Promise<number> {
  const until = performance.now() + MEASURE_MS
  const since = performance.now()
  const counts = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, index) =>
      commitUntil(kv, `drill/${crypto.randomUUID()}/${index}`, until),
    ),
  )
  const all = counts.reduce((sum, count) => sum + count, 0)
  return (all * 1_000) / (performance.now() - since)
}

async function commitUntil(kv: Kv, partition: string, until: number): Promise<number> {
  let commits = 0
  while (performance.now() < until) {
    const key = `m/${commits}`
    const result = await kv.commit(partition, {
      expect: [{ key, rev: null }],
      put: [{ key, value: 'đo tốc độ ghi' }],
    })
    commits += result.committed ? 1 : 0
  }
  return commits
}
