/** Slots of a Redis Cluster. */
export const SLOTS = 16_384

const POLYNOMIAL = 0x1021
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1
  }
  return crc
})
const encoder = new TextEncoder()

/** The slot of a key or sharded channel: CRC16 of what its first `{…}` encloses, else of all of it. */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  return crc16(close > open + 1 ? key.slice(open + 1, close) : key) % SLOTS
}

/** CRC16-CCITT (XMODEM) of the UTF-8 bytes. */
function crc16(text: string): number {
  let crc = 0
  for (const byte of encoder.encode(text)) {
    crc = ((crc << 8) & 0xffff) ^ (TABLE[((crc >> 8) ^ byte) & 0xff] ?? 0)
  }
  return crc
}
