import { expect, test } from 'bun:test'
import { SILENT_MS } from '../src/heads/limits.ts'
import { topics } from '../src/ports/bus/bus.ts'
import { createHarness, type Harness } from './harness.ts'
import { SkewedClock } from './skewed-clock.ts'

/** A gateway whose bus carries nothing of entries while `state.isDeaf`; beside it, the server `other`. */
async function prepare() {
  const clock = new SkewedClock()
  const state = { isDeaf: false }
  const discontinuities = new Set<() => void>()
  const server = await createHarness({
    clock,
    isLossy: true,
    presence: false,
    discontinuities,
    servers: async () => new Map([['node-1', { rev: '', hasLeft: false }]]),
    feed: (publish) => void (state.isDeaf || publish()),
  })
  const conv = await server.group('an', 'binh')
  const client = await server.live('binh')
  let number = 0
  const tell = (heads = '') => server.bus.publish(topics.heads, `node-1 ${++number} d${heads}`)
  tell()
  state.isDeaf = true
  return { clock, server, conv, client, tell, discontinuities }
}

/** The next entry arrives before a server that says nothing counts as silent. */
async function arrives(
  { server, conv, client }: Awaited<ReturnType<typeof prepare>>,
  act: (seq: number) => void,
) {
  const seq = await (server as Harness).say('an', conv, 'Có ai nghe không?')
  await client.settle()
  expect(client.seqs.get(conv)).toBeUndefined()
  const began = performance.now()
  act(seq)
  await client.entry(conv, seq)
  expect(performance.now() - began).toBeLessThan(SILENT_MS / 2)
  expect(client.violations).toEqual([])
}

test('C7 after a discontinuity of the bus the heads are checked at once', async () => {
  const prepared = await prepare()
  await using _ = prepared.server
  await arrives(prepared, () => prepared.discontinuities.forEach((listener) => listener()))
})

test('C7 an entry that the bus has lost is fetched when its head is told', async () => {
  const prepared = await prepare()
  await using _ = prepared.server
  await arrives(prepared, (seq) => prepared.tell(`\n${prepared.conv} ${seq}`))
})

test('C7 a log in doubt is looked at', async () => {
  const prepared = await prepare()
  await using _ = prepared.server
  await arrives(prepared, () => prepared.tell(`\n${prepared.conv} 0`))
})

test('C7 a digest that is missing has the heads checked at once', async () => {
  const prepared = await prepare()
  await using _ = prepared.server
  await arrives(prepared, () => prepared.server.bus.publish(topics.heads, 'node-1 3 d'))
})

test('C7 a server that falls silent has the heads checked within its time', async () => {
  const prepared = await prepare()
  await using _ = prepared.server
  await arrives(prepared, () => void prepared.clock.advance(3_600, 100))
})
