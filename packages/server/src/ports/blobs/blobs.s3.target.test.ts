import { expect, test } from 'bun:test'
import { parseS3Url } from './blobs.s3.target.ts'

test('an URL is read whole or refused, without showing the secret', () => {
  expect(parseS3Url('s3://k:s%2F1@s3.example.org/my-bucket/tam?region=eu-central-1')).toEqual({
    endpoint: 'https://s3.example.org',
    bucket: 'my-bucket',
    prefix: 'tam/',
    region: 'eu-central-1',
    accessKeyId: 'k',
    secretAccessKey: 's/1',
  })
  expect(parseS3Url('s3://k:s@127.0.0.1:7070/bucket?tls=0')).toMatchObject({
    endpoint: 'http://127.0.0.1:7070',
    prefix: '',
    region: 'us-east-1',
  })
  for (const wrong of [
    's3://bucket',
    's3://k:geheim@host',
    's3://k:geheim@host/B',
    's3://k:geheim@host/bucket/../x',
    's3://k:geheim@host/bucket?tls=2',
    's3://k:geheim@host/bucket?acl=public',
    's3://k:%geheim@host/bucket',
    's3://k:geheim@ho st/bucket',
  ]) {
    let message = ''
    try {
      parseS3Url(wrong)
    } catch (error) {
      message = String(error)
    }
    expect([wrong, message]).toEqual([wrong, expect.stringContaining('S3UrlError')])
    expect(message).not.toContain('geheim')
  }
})
