import { expect, test } from 'bun:test'
import { PingFrame, ReadFrame, SendFrame, TypingFrame } from '@tam/protocol'
import { type Random, seededRandom } from '@tam/util'
import { asPing, asRead, asSend, asTyping } from './hot.ts'

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const CASES = Number(process.env['FUZZ_RUNS'] ?? 4_000)

const PAIRS = [
  {
    schema: SendFrame,
    twin: asSend,
    sample: { t: 'send', id: 1, conv: 'AbC_-9', cid: 'cid-00000001', text: 'chào' },
  },
  { schema: ReadFrame, twin: asRead, sample: { t: 'read', conv: 'AbC', seq: 4 } },
  { schema: TypingFrame, twin: asTyping, sample: { t: 'typing', conv: 'AbC' } },
  { schema: PingFrame, twin: asPing, sample: { t: 'ping' } },
]

const OPTIONAL = { base: 3, prev: 'cid-00000000', resend: false, replyTo: 1, extra: 1, seq: 2 }

const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  0.5,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  1e300,
  '',
  'x',
  'send',
  'ping',
  'a'.repeat(7),
  'a'.repeat(8),
  'a'.repeat(22),
  'a'.repeat(23),
  'a'.repeat(64),
  'a'.repeat(65),
  'cid 00000001',
  'cid-00000001\n',
  'ế'.normalize('NFD'),
  ' ',
  '\u00a0\u2003\n',
  '\u200b',
  'a\u0000',
  '\ud83d',
  '\ude00',
  'x'.repeat(4_000),
  'x'.repeat(4_001),
  'ế'.normalize('NFD').repeat(3_900),
  'ằ'.repeat(4_000),
  '👨‍👩‍👧‍👦'.repeat(600),
  '😀'.repeat(4_001),
  '\u0344'.repeat(3_000),
  'e' + '\u0301'.repeat(9_000),
  {},
  [],
  ['send'],
  { t: 'send' },
]

test(`the hand-written checks accept what the schemas accept, with the same result (SEED=${SEED})`, () => {
  const random = seededRandom(SEED)
  let accepted = 0
  for (let i = 0; i < CASES; i++) {
    const { schema, twin, sample } = pick(PAIRS, random)
    const fields = JSON.parse(JSON.stringify(mutate(sample, random))) as Record<string, unknown>
    const expected = schema.safeParse(fields)
    accepted += expected.success ? 1 : 0
    expect({ i, fields, result: twin(fields) }).toEqual({
      i,
      fields,
      result: expected.success ? expected.data : undefined,
    })
  }
  expect(accepted).toBeGreaterThan(CASES / 10)
})

function mutate(sample: object, random: Random): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...sample }
  for (const [name, value] of Object.entries(OPTIONAL)) {
    if (random.float() < 0.15) {
      fields[name] = value
    }
  }
  while (random.float() < 0.5) {
    const name = pick(Object.keys(fields), random)
    if (random.float() < 0.1) {
      delete fields[name]
    } else {
      fields[name] = pick(VALUES, random)
    }
    if (Object.keys(fields).length === 0) {
      return fields
    }
  }
  return fields
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random.float() * items.length)] as T
}
