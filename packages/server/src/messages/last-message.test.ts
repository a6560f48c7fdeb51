import { expect, test } from 'bun:test'
import { encodeEntry } from '../log/log.ts'
import { EntryCache } from './entry-cache.ts'
import { LAST_MESSAGE_SCAN_MAX, LastMessages } from './last-message.ts'

/** A log of `length` entries, of which those of `messages` are messages; counts what is read of it. */
function setUp(length: number, messages: readonly number[]) {
  const log = Array.from({ length }, (_, i) => {
    const type = messages.includes(i + 1) ? 'message' : 'title'
    return encodeEntry(i + 1, `"type":"${type}","from":"an","cid":"c","at":"2026-01-01T00:00:00.000Z"}`)
  })
  const reads: string[] = []
  const entries = new EntryCache({
    async read(_, from, to) {
      reads.push(`${from} ${to}`)
      return log.slice(from - 1, to)
    },
  })
  return { reads, lastMessages: new LastMessages(entries) }
}

test('the newest message of a conversation costs one read', async () => {
  for (const head of [1, 63, 64, 65, 100, 128, 130, 1_000]) {
    const { reads, lastMessages } = setUp(head, [head])
    expect(await lastMessages.find('conv', head)).toMatchObject({ seq: head })
    expect({ head, reads: reads.length }).toEqual({ head, reads: 1 })
    expect(await lastMessages.find('conv', head)).toMatchObject({ seq: head })
    expect(reads.length).toBe(1)
  }
})

test('an older message is found behind changes, as far back as is looked', async () => {
  const { lastMessages } = setUp(3_000, [100, 1_970])
  expect(await lastMessages.find('conv', 2_990)).toMatchObject({ seq: 1_970 })
  expect(await setUp(3_000, [100]).lastMessages.find('conv', 100 + LAST_MESSAGE_SCAN_MAX)).toBeNull()
  expect(await setUp(3_000, [100]).lastMessages.find('conv', 99 + LAST_MESSAGE_SCAN_MAX)).toMatchObject({
    seq: 100,
  })
})
