import { type Random, randomId } from '@tam/util'
import type { Kv } from '../ports/kv/kv.ts'
import { settleRow } from './own-rows.ts'

const ROW = { key: 'epoch', form: /^[\w-]+$/ }
const EPOCH_LENGTH = 12

/** The identity of the store's history, made at its first start. Cursors of another epoch are void. @throws {DamagedRow} */
export function readEpoch(kv: Kv, random: Random): Promise<string> {
  return settleRow(kv, ROW, (epoch) => epoch ?? randomId(random, EPOCH_LENGTH))
}
