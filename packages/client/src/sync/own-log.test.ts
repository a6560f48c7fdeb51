import { expect, test } from 'bun:test'
import type { SecurityEntry } from '@tam/protocol'
import { Logs } from './logs.ts'
import { OwnLog } from './own-log.ts'

const told: SecurityEntry = {
  seq: 4,
  type: 'security',
  event: 'refresh_token_reused',
  device: 'Firefox, Linux',
  from: 'an',
  cid: 'reused-sid-1',
  at: '2026-11-22T07:05:00.000Z',
}

function setUp() {
  const logs = new Logs({ onChange: () => undefined, keep: () => 0 })
  const heard: SecurityEntry[] = []
  const ownLog = new OwnLog({
    logs,
    fetchConversation: () => Promise.reject(new Error('not asked for')),
    onConversation: () => undefined,
    onMe: () => undefined,
    onSecurity: (entry) => void heard.push(entry),
    onGap: () => undefined,
  })
  return { logs, ownLog, heard }
}

test('O22 what one should know of one’s logins is told once, live or after an absence', () => {
  const { logs, ownLog, heard } = setUp()
  logs.userCursor = 3
  ownLog.receive([told])
  ownLog.listed(4)
  ownLog.receive([told])
  expect(heard).toEqual([told])
})

test('a device that is new does not hear of what was before it', () => {
  const { ownLog, heard } = setUp()
  ownLog.listed(4)
  ownLog.receive([told])
  expect(heard).toEqual([])
})
