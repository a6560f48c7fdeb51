/** A fault that a test build of the server has when started with TAM_TEST_BUG, and the invariants it violates. */
export interface Bug {
  readonly name: string
  /** At least one of these has to be violated. */
  readonly violates: readonly string[]
  /** Entries per bucket that bring the fault out. */
  readonly bucket?: number
}

export const BUGS: readonly Bug[] = [
  { name: 'ack-before-commit', violates: ['I2'] },
  { name: 'publish-before-commit', violates: ['I6', 'I7'] },
  { name: 'no-dedupe-row', violates: ['I4', 'I16'] },
  { name: 'one-bucket-look-back', violates: ['I4'], bucket: 20 },
  { name: 'next-seq-after-unknown', violates: ['I1', 'I4'] },
  { name: 'skip-gap-fetch', violates: ['I7', 'I11'] },
  { name: 'fetch-before-subscribe', violates: ['I7', 'I11'] },
  { name: 'frames-in-parallel', violates: ['I9'] },
]
