import type { Row } from '../lib/report.ts'

export interface Workload {
  /** What `--only` calls it. */
  readonly name: string
  readonly title: string
  run(say: (line: string) => void): Promise<{ readonly rows: readonly Row[]; readonly raw: unknown }>
}
