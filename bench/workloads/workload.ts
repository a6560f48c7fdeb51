import type { Row } from '../lib/report.ts'

export interface Workload {
  /** What `--only` calls it. */
  readonly name: string
  readonly title: string
  /** True when it wants the whole machine; such workloads come first, before this process is bound to a core. */
  readonly wholeMachine?: boolean
  run(say: (line: string) => void): Promise<{ readonly rows: readonly Row[]; readonly raw: unknown }>
}
