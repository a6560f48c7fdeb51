import { describe, expect, test } from 'bun:test'
import type { Blobs } from './blobs.ts'

/** What every engine does. */
export function blobsContract(engine: string, open: () => Promise<Blobs>): void {
  async function withBlobs(body: (blobs: Blobs) => Promise<void>): Promise<void> {
    const blobs = await open()
    try {
      await body(blobs)
    } finally {
      await blobs.close()
    }
  }
  const fact = (name: string, body: Parameters<typeof withBlobs>[0]) => test(name, () => withBlobs(body))

  describe(`blobs contract: ${engine}`, () => {
    fact('an absent blob is undefined', async (blobs) => {
      expect(await blobs.get('absent')).toBeUndefined()
    })

    fact('bytes and content type come back as they were', async (blobs) => {
      const cases: [string, Uint8Array, string][] = [
        ['a', new Uint8Array(), 'application/octet-stream'],
        ['b-1_Z', new Uint8Array([10, 0, 255, 13, 10]), 'image/webp'],
        ['c', crypto.getRandomValues(new Uint8Array(65_536)), 'text/plain; charset=utf-8'],
      ]
      for (const [key, bytes, contentType] of cases) {
        await blobs.put(key, bytes, contentType)
        expect(await blobs.get(key)).toEqual({ bytes, contentType })
      }
    })

    fact('a blob does not follow later changes of the bytes it was made from', async (blobs) => {
      const bytes = new Uint8Array([1, 2, 3])
      await blobs.put('a', bytes, 'image/png')
      bytes[0] = 9
      expect((await blobs.get('a'))?.bytes).toEqual(new Uint8Array([1, 2, 3]))
    })

    fact('a deleted blob is gone; deleting it again is harmless', async (blobs) => {
      await blobs.put('a', new Uint8Array([1]), 'image/png')
      await blobs.put('ab', new Uint8Array([2]), 'image/png')
      await blobs.delete('a')
      await blobs.delete('a')
      expect(await blobs.get('a')).toBeUndefined()
      expect((await blobs.get('ab'))?.bytes).toEqual(new Uint8Array([2]))
    })

    fact('a key that is no random id is refused before it reaches a path', async (blobs) => {
      for (const key of ['', '.', '..', '../a', 'a/b', 'a\\b', 'a\u0000', 'ảnh', 'x'.repeat(129)]) {
        for (const use of [
          () => blobs.put(key, new Uint8Array(), 'x/y'),
          () => blobs.get(key),
          () => blobs.delete(key),
        ]) {
          expect(await use().catch((error: Error) => error.name)).toBe('AssertionError')
        }
      }
    })

    fact('many blobs are written at once', async (blobs) => {
      const keys = Array.from({ length: 40 }, (_, index) => `key${index}`)
      await Promise.all(keys.map((key) => blobs.put(key, Buffer.from(key), 'text/plain')))
      const read = await Promise.all(keys.map((key) => blobs.get(key)))
      expect(read.map((blob) => Buffer.from(blob?.bytes ?? []).toString())).toEqual(keys)
    })
  })
}
