import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, systemRandom } from '@tam/util'
import { blobsContract } from './blobs.contract.ts'
import { BlobsFull } from './blobs.ts'
import { DirectoryBlobs } from './blobs.directory.ts'

const directories: string[] = []
afterEach(() => {
  for (const directory of directories.splice(0)) {
    rmSync(directory, { recursive: true, force: true })
  }
})

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tam-blobs-'))
  directories.push(directory)
  return directory
}

const open = (directory: string) =>
  DirectoryBlobs.open(directory, { random: systemRandom, clock: systemClock })

blobsContract('directory', () => open(join(freshDirectory(), 'not', 'yet', 'there')))

describe('blobs in a directory', () => {
  test('survive reopening', async () => {
    const directory = freshDirectory()
    await (await open(directory)).put('a', new Uint8Array([1]), 'image/png')
    expect(await (await open(directory)).get('a')).toEqual({
      bytes: new Uint8Array([1]),
      contentType: 'image/png',
    })
  })

  test('leave no temporary file, and what a crash left is removed at a later start', async () => {
    const directory = freshDirectory()
    const blobs = await open(directory)
    await blobs.put('abc', new Uint8Array([1]), 'image/png')
    expect(readdirSync(join(directory, '.temporary'))).toEqual([])
    const stray = join(directory, '.temporary', 'stray')
    writeFileSync(stray, 'half')
    writeFileSync(join(directory, '.temporary', 'under-way'), 'another server puts this')
    const longAgo = systemClock.now() / 1_000 - 2 * 60 * 60
    utimesSync(stray, longAgo, longAgo)
    await open(directory)
    expect(readdirSync(join(directory, '.temporary'))).toEqual(['under-way'])
    expect(readdirSync(join(directory, 'ab'))).toEqual(['abc'])
  })

  test('a failed put leaves nothing and says so', async () => {
    const directory = freshDirectory()
    const blobs = await open(directory)
    writeFileSync(join(directory, 'ab'), 'a file where the folder should be')
    expect(await blobs.put('abc', new Uint8Array([1]), 'image/png').catch(() => 'failed')).toBe('failed')
    expect(readdirSync(join(directory, '.temporary'))).toEqual([])
  })

  test.skipIf(process.getuid?.() !== 0)(
    'a full disk is told as such, keeps nothing, and reads go on',
    async () => {
      const directory = freshDirectory()
      const mounted = Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tam-test', directory])
      expect(mounted.exitCode).toBe(0)
      try {
        const blobs = await open(directory)
        await blobs.put('small', new Uint8Array(1_000), 'image/png')
        const refusal = await blobs.put('large', new Uint8Array(100_000), 'image/png').catch((error) => error)
        expect(refusal).toBeInstanceOf(BlobsFull)
        expect(readdirSync(join(directory, '.temporary'))).toEqual([])
        expect((await blobs.get('small'))?.bytes.length).toBe(1_000)
      } finally {
        Bun.spawnSync(['umount', directory])
      }
    },
  )

  test('a content type cannot smuggle a second line', async () => {
    const blobs = await open(freshDirectory())
    expect(await blobs.put('a', new Uint8Array(), 'text/plain\nx').catch((error: Error) => error.name)).toBe(
      'AssertionError',
    )
  })
})
