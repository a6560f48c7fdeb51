import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { assert, type Clock, type Random, randomId } from '@tam/util'
import { checkBlobKey } from './blob-key.ts'
import { type Blob, type Blobs, BlobsFull } from './blobs.ts'

const NEWLINE = 0x0a
const TEMPORARY = '.temporary'
/** A temporary file this old belongs to no put that is under way, at whatever server, milliseconds. */
const STRAY_MS = 60 * 60_000

export interface DirectoryBlobsOptions {
  readonly random: Random
  readonly clock: Pick<Clock, 'now'>
}

/**
 * One file per blob: its content type, a newline, its bytes. A file appears under its name only whole and synced
 * (temporary file, fsync, rename, fsync of the directory), so that a crash leaves at most a stray temporary file,
 * which a later start removes. Servers may share the directory.
 */
export class DirectoryBlobs implements Blobs {
  readonly #directory: string
  readonly #random: Random

  private constructor(directory: string, random: Random) {
    this.#directory = directory
    this.#random = random
  }

  static async open(directory: string, { random, clock }: DirectoryBlobsOptions): Promise<DirectoryBlobs> {
    const temporary = join(directory, TEMPORARY)
    await mkdir(temporary, { recursive: true })
    await removeOlder(temporary, clock.now() - STRAY_MS)
    return new DirectoryBlobs(directory, random)
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    assert(!contentType.includes('\n'), 'a content type is one line')
    const { folder, path } = this.#place(key)
    const temporary = join(this.#directory, TEMPORARY, randomId(this.#random, 22))
    try {
      await writeSynced(temporary, [Buffer.from(`${contentType}\n`), bytes])
      await mkdir(folder, { recursive: true })
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw isFull(error) ? new BlobsFull('no space left for uploads', { cause: error }) : error
    }
    await syncDirectory(folder)
    await syncDirectory(this.#directory)
  }

  async get(key: string): Promise<Blob | undefined> {
    const stored = await readFile(this.#place(key).path).catch(absentAsUndefined)
    if (stored === undefined) {
      return undefined
    }
    const end = stored.indexOf(NEWLINE)
    return { contentType: stored.toString('utf8', 0, end), bytes: new Uint8Array(stored.subarray(end + 1)) }
  }

  async delete(key: string): Promise<void> {
    await rm(this.#place(key).path, { force: true })
  }

  async close(): Promise<void> {}

  /** Two characters of the key name the folder, to keep folders small. */
  #place(key: string): { folder: string; path: string } {
    const folder = join(this.#directory, checkBlobKey(key).slice(0, 2))
    return { folder, path: join(folder, key) }
  }
}

async function writeSynced(path: string, parts: readonly Uint8Array[]): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  for (const part of parts) {
    await file.writeFile(part)
  }
  await file.sync()
}

async function removeOlder(folder: string, since: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    // Another server may have finished it, or removed it, meanwhile.
    const found = await stat(path).catch(absentAsUndefined)
    if (found !== undefined && found.mtimeMs < since) {
      await rm(path, { force: true })
    }
  }
}

async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, 'r')
  await directory.sync()
}

/** The disk, or the quota of this user on it. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

function absentAsUndefined(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return undefined
  }
  throw error
}
