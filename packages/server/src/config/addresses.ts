import { BlockList, isIP } from 'node:net'

/** Says whether an IP address belongs to a set. */
export type AddressSet = (address: string) => boolean

/**
 * The given addresses and CIDR ranges.
 * @throws {RangeError} for text that is neither
 */
export function addressSet(ranges: readonly string[]): AddressSet {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/')
    const family = isIP(address)
    const width = family === 4 ? 32 : 128
    const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity
    if (family === 0 || prefix > width || rest.length > 0) {
      throw new RangeError(`${range} is not an address or CIDR range`)
    }
    list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6')
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

/** True for 127.0.0.0/8 and ::1. */
export const isLoopback: AddressSet = addressSet(['127.0.0.0/8', '::1'])
