import type { Kv, RowRef, ScanRange } from '@tam/server/ports/kv/kv.ts'

/** How often the store was called, by what was asked: `scan user conv`, `get log m`; rows of getMany one by one. */
export type CallCounts = Map<string, number>

/** A store that counts its calls into `counts`. */
export function countCalls(kv: Kv, counts: CallCounts): Kv {
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
  return {
    get(partition, key) {
      count(`get ${kindOf({ partition, key })}`)
      return kv.get(partition, key)
    },
    getMany(refs) {
      count('getMany')
      refs.forEach((ref) => count(`row ${kindOf(ref)}`))
      return kv.getMany(refs)
    },
    scan(partition, range) {
      count(`scan ${kindOf({ partition, key: range.from })}${lengthOf(range)}`)
      return kv.scan(partition, range)
    },
    commit(partition, change) {
      count(`commit ${partition.split('/')[0]}`)
      return kv.commit(partition, change)
    },
    close: () => kv.close(),
  }
}

function kindOf({ partition, key }: RowRef): string {
  return `${partition.split('/')[0]} ${key.split('/')[0]}`
}

/** The newest row alone tells a head; more is a window. */
function lengthOf({ limit, reverse }: ScanRange): string {
  return limit === 1 && reverse === true ? ' newest' : ''
}
