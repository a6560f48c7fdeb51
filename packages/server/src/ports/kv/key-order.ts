/**
 * Compares two keys by their UTF-8 bytes, without encoding them. UTF-16 code units give the same order except that
 * surrogates (U+10000 and above) must come after U+E000–U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) {
      return utf8Rank(left) - utf8Rank(right)
    }
  }
  return a.length - b.length
}

function utf8Rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Index of the first of the sorted `keys` that is ≥ `key`. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareKeys(keys[middle] as string, key) < 0) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}
