import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { systemClock } from '@tam/util'
import { type S3Server, startS3 } from '../../../../../tools/engines/s3/server.ts'
import { blobsContract } from './blobs.contract.ts'
import { openS3Blobs, S3_WAIT_MS } from './blobs.s3.ts'
import { parseS3Url } from './blobs.s3.target.ts'
import { type Blobs, BlobsUnavailable } from './blobs.ts'

// It builds a program: `npm test` sets this.
const suite = process.env.TAM_TEST_S3 === '1' ? describe : describe.skip
const BUILD_MS = 900_000

const open = (url: string, clock: Pick<FakeClock, 'after'> = systemClock, failures: Error[] = []) =>
  openS3Blobs({ target: parseS3Url(url), clock, onFailure: (error) => failures.push(error) })
const refusal = (opening: Promise<Blobs>) =>
  opening.then(
    () => 'none',
    (error: Error) => error.message,
  )

suite('blobs in a bucket', () => {
  let s3: S3Server
  let prefixes = 0
  beforeAll(async () => {
    s3 = await startS3()
  }, BUILD_MS)
  afterAll(() => s3[Symbol.asyncDispose]())

  blobsContract('s3', () => open(s3.urlOf({ prefix: `/a/b${prefixes++}` })))

  test('survive reopening, and servers share them', async () => {
    const [one, two] = [await open(s3.url), await open(s3.url)]
    await one.put('shared', new Uint8Array([1]), 'image/png')
    expect(await two.get('shared')).toEqual({ bytes: new Uint8Array([1]), contentType: 'image/png' })
  })

  test('what is wrong with the settings is said, and never the secret', async () => {
    const wrong = await refusal(open(s3.urlOf({ secret: 'sai' })))
    expect(wrong).toContain(`bucket uploads at http://127.0.0.1:${s3.port}: refused (SignatureDoesNotMatch)`)
    expect(wrong).not.toContain('sai')
    expect(await refusal(open(s3.urlOf({ bucket: 'nowhere' })))).toContain('there is no such bucket')
    expect(await refusal(open('s3://a:b@127.0.0.1:1/uploads?tls=0'))).toContain('no answer')
  })

  test('a server that stands still fails calls in time, and is heard of', async () => {
    await using still = await startS3()
    const clock = new FakeClock()
    const failures: Error[] = []
    const blobs = await open(still.url, clock, failures)
    still.pause()
    const bytes = new Uint8Array([1])
    const calls = [blobs.put('a', bytes, 'image/png'), blobs.get('a'), blobs.delete('a')]
    await Bun.sleep(0)
    clock.advance(S3_WAIT_MS)
    const errors = await Promise.all(calls.map((call) => call.catch((error: unknown) => error)))
    expect(errors.every((error) => error instanceof BlobsUnavailable)).toBe(true)
    expect(failures).toHaveLength(3)
  })
})
