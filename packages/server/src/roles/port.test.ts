import { expect, test } from 'bun:test'
import { findPlaces, ListenError } from './port.ts'

test('a host that is not this machine, or none at all, is named with what to set', () => {
  for (const host of ['nope.invalid', '10.255.255.1']) {
    const find = () => findPlaces({ host, port: 0, admin: undefined })
    expect(find).toThrow(ListenError)
    expect(find).toThrow(
      `${host} is no address of this machine. Set TAM_HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.`,
    )
  }
})
