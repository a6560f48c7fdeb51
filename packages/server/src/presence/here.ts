/** One connected device. */
export interface Device {
  /** The person is at it. */
  readonly active: boolean
  /** The conversation open on it. */
  readonly conv: string | null
}

/** One person as one chat server knows them. */
export interface Here {
  /** Since when it is so, milliseconds since the Unix epoch. */
  readonly since: number
  /** None: the person has left. */
  readonly devices: readonly Device[]
}

/*
 * A lease of one person is a line, `<user> <since> <device>,<device>…`; a device is `a` (active) or `i`, and `:<conv>`
 * after it when one is open; somebody who has left has `-` in their place. Ids hold none of these characters.
 */

export function encodeHere(user: string, { since, devices }: Here): string {
  const list = devices.map(({ active, conv }) => (active ? 'a' : 'i') + (conv === null ? '' : `:${conv}`))
  return `${user} ${since} ${list.length === 0 ? '-' : list.join(',')}`
}

export function userOf(line: string): string {
  return line.slice(0, line.indexOf(' '))
}

export function decodeHere(line: string): Here {
  const [, since, list = '-'] = line.split(' ')
  return { since: Number(since), devices: COMMON.get(list) ?? list.split(',').map(decodeDevice) }
}

/** What nearly everybody's devices are, once for all. */
const COMMON: ReadonlyMap<string, readonly Device[]> = new Map([
  ['-', []],
  ['a', [{ active: true, conv: null }]],
  ['i', [{ active: false, conv: null }]],
])

function decodeDevice(text: string): Device {
  return { active: text.startsWith('a'), conv: text.length > 2 ? text.slice(2) : null }
}
