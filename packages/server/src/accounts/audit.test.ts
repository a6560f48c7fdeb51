import { expect, test } from 'bun:test'
import { systemClock, systemRandom } from '@tam/util'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { AUDIT_BUCKET_SIZE, Audit, type AuditEntry, auditHash } from './audit.ts'
import { ShuffledKv } from './tests/shuffled-kv.ts'

const EVENT = {
  who: 'Abc123def456',
  what: 'refresh_token_reused',
  target: 'login/sid-1',
  sid: 'sid-1',
  ip: '203.0.113.9',
  result: 'login_ended',
} as const

function setUp() {
  const kv = new MemoryKv(systemClock)
  const newAudit = () =>
    new Audit({ kv: new ShuffledKv(kv, systemRandom), clock: systemClock, random: systemRandom })
  return { kv, newAudit }
}

/** True when every entry follows the one before. */
function holds(entries: readonly AuditEntry[], seq = 0, previous = ''): boolean {
  return entries.every((entry, index) => {
    const before = entries[index - 1]?.hash ?? previous
    return entry.seq === seq + index + 1 && entry.previous === before && entry.hash === auditHash(entry)
  })
}

test('servers that write at once make one chain without a hole', async () => {
  const { newAudit } = setUp()
  const servers = [newAudit(), newAudit(), newAudit()]
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => servers[i % 3]!.append({ ...EVENT, sid: `sid-${i}` })),
  )
  const entries = await newAudit().read(0)
  expect(new Set(entries.map(({ sid }) => sid)).size).toBe(12)
  expect(holds(entries)).toBe(true)
})

test('an entry that was changed, left out or slipped in is seen', async () => {
  const { newAudit } = setUp()
  const audit = newAudit()
  for (let i = 0; i < 4; i++) {
    await audit.append({ ...EVENT, sid: `sid-${i}` })
  }
  const entries = await audit.read(0)
  expect(holds(entries)).toBe(true)
  expect(holds(entries.map((entry, i) => (i === 1 ? { ...entry, ip: '198.51.100.1' } : entry)))).toBe(false)
  expect(holds(entries.filter((_, i) => i !== 1))).toBe(false)
  const forged = { ...entries[1]!, op: 'forged' }
  expect(holds(entries.with(1, { ...forged, hash: auditHash(forged) }))).toBe(false)
})

test('the chain goes on in the next bucket', async () => {
  const { kv, newAudit } = setUp()
  const last = { ...EVENT, seq: AUDIT_BUCKET_SIZE, at: '2026-01-01T00:00:00.000Z', op: 'op', previous: 'p' }
  const hash = auditHash(last)
  await kv.commit('audit/0', {
    put: [
      { key: `e/${String(AUDIT_BUCKET_SIZE).padStart(10, '0')}`, value: JSON.stringify({ ...last, hash }) },
    ],
  })
  const audit = newAudit()
  await audit.append(EVENT)
  await newAudit().append(EVENT)
  const entries = await audit.read(1)
  expect(entries).toHaveLength(2)
  expect(holds(entries, AUDIT_BUCKET_SIZE, hash)).toBe(true)
})
