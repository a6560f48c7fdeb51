import { DamagedRow, type Kv } from '../ports/kv/kv.ts'

/** The partition of what servers know about their store. */
const PARTITION = 'server'

export interface OwnRow {
  readonly key: string
  /** Of every value that was ever written. */
  readonly form: RegExp
}

/**
 * The row `key` as `renew` wants it; of servers that start together, one writes it and the others find it.
 * @param renew gets the value there is, and gives the one there shall be: the same when nothing is to do
 * @throws {DamagedRow} the value has another form; it is left as it is
 * @throws {UnknownOutcome} nothing is known to be written
 */
export async function settleRow(
  kv: Pick<Kv, 'get' | 'commit'>,
  { key, form }: OwnRow,
  renew: (value: string | undefined) => string,
): Promise<string> {
  for (;;) {
    const row = await kv.get(PARTITION, key)
    if (row !== undefined && !form.test(row.value)) {
      throw new DamagedRow({ partition: PARTITION, key })
    }
    const value = renew(row?.value)
    if (row?.value === value) {
      return value
    }
    await kv.commit(PARTITION, { expect: [{ key, rev: row?.rev ?? null }], put: [{ key, value }] })
  }
}

/** The value of the row `key`. @throws {UnknownOutcome} */
export async function readOwnRow(kv: Pick<Kv, 'get'>, key: string): Promise<string | undefined> {
  return (await kv.get(PARTITION, key))?.value
}
