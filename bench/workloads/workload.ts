import type { Row } from '../lib/report.ts'

export interface Workload {
  /** What `--only` calls it. */
  readonly name: string
  readonly title: string
  /** True when it wants the whole machine; such workloads come first, before this process is bound to a core. */
  readonly wholeMachine?: boolean
  /** One line that says what cannot be had here, or undefined: then it is left out. */
  missing?(): Promise<string | undefined>
  run(say: (line: string) => void): Promise<{ readonly rows: readonly Row[]; readonly raw: unknown }>
}
