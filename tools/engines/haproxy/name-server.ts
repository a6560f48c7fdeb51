const HEADER_BYTES = 12
const TYPE_A = 1
const TTL_SECONDS = 1

/** A DNS server that gives every name the same IPv4 addresses, which may change. */
export interface NameServer extends Disposable {
  addresses: readonly string[]
  readonly port: number
}

export async function startNameServer(addresses: readonly string[]): Promise<NameServer> {
  const known = { addresses }
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    socket: {
      data: (own, query, port, address) => void own.send(reply(query, known.addresses), port, address),
    },
  })
  return Object.assign(known, { port: socket.port, [Symbol.dispose]: () => socket.close() })
}

/** RFC 1035: the question again, then one record for each address; none when something else is asked for. */
function reply(query: Buffer, addresses: readonly string[]): Buffer {
  const end = query.indexOf(0, HEADER_BYTES) + 5
  const answers = query.readUInt16BE(end - 4) === TYPE_A ? addresses : []
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, answers.length, 0, 0, 0, 0])
  const record = [0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, TTL_SECONDS, 0, 4]
  const records = answers.map((address) => Buffer.from([...record, ...address.split('.').map(Number)]))
  return Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...records])
}
