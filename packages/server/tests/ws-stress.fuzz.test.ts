import { expect, test } from 'bun:test'
import { type Random, seededRandom, systemClock } from '@tam/util'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import { createHarness, type Harness, newCid } from './harness.ts'
import { SlowKv } from './slow-kv.ts'
import type { TestClient } from './test-client.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2)
const seeds = Array.from({ length: RUNS }, (_, i) => Number(process.env['SEED'] ?? Date.now()) + i)
const USERS = ['an', 'binh', 'chi', 'dung']
const WRITES = 600
const VISITS = 8
/** Messages before anybody connects: more than a window, less than the largest gap that is pushed. */
const HISTORY = 500

/** A bus that loses, delays and thereby reorders what it carries; ends by itself when `calm` is set. */
function lossyFeed(random: Random, state: { calm: boolean }) {
  return (publish: () => void): void => {
    const dice = state.calm ? 1 : random.float()
    if (dice < 0.1) {
      return
    }
    if (dice < 0.3) {
      setTimeout(publish, random.float() * 5)
    } else {
      publish()
    }
  }
}

for (const seed of seeds) {
  test(`[RS2] every socket sees seq + 1 while writers write and sockets come, sync and go (SEED=${seed})`, async () => {
    const random = seededRandom(seed)
    const state = { calm: false }
    const kv = new SlowKv(new MemoryKv(systemClock), random, 3)
    await using server = await createHarness({ kv, feed: lossyFeed(random, state) })
    const convs = [await server.group(...USERS), await server.group(...USERS)]
    for (const conv of convs) {
      await Promise.all(Array.from({ length: HISTORY }, (_, i) => server.say('an', conv, `trước ${i}`)))
    }
    const writing = Promise.all([write(server, convs, random), write(server, convs, random)])
    const visitors = USERS.flatMap((user) => [user, user]).map((user) => visit(server, user, convs, random))
    await writing
    const clients = await Promise.all(visitors)
    state.calm = true
    await arriveAtHead(server, convs, clients)
    expect(clients.flatMap(({ violations }) => violations)).toEqual([])
  })
}

async function write(server: Harness, convs: readonly string[], random: Random): Promise<void> {
  const client = await server.live('an')
  for (let i = 0; i < WRITES / 20; i++) {
    const burst = Array.from({ length: 20 }, (_, n) => {
      const text = `tin ${i}.${n} ${'ằ'.repeat(random.float() < 0.02 ? 3_500 : 1)}`
      return client.ask({ t: 'send', conv: pick(convs, random), cid: newCid(), text })
    })
    for (const reply of await Promise.all(burst)) {
      expect(reply['t']).toBe('ok')
    }
  }
  client.close()
}

/** Connects, syncs from anywhere, syncs again or leaves, many times; returns the last client, live. */
async function visit(
  server: Harness,
  user: string,
  convs: readonly string[],
  random: Random,
): Promise<TestClient> {
  for (let i = 0; ; i++) {
    const client = await server.connect(user)
    if (random.float() < 0.8 || i === VISITS) {
      await syncSomewhere(client, user, convs, random)
    }
    await Bun.sleep(random.float() * 20)
    if (random.float() < 0.5) {
      await syncSomewhere(client, user, convs, random)
    }
    if (i === VISITS) {
      return client
    }
    expect(client.violations).toEqual([])
    client.terminate()
  }
}

async function syncSomewhere(
  client: TestClient,
  user: string,
  convs: readonly string[],
  random: Random,
): Promise<void> {
  const cursors: Record<string, number> = {}
  for (const conv of [...convs, user]) {
    if (random.float() < 0.8) {
      const seen = client.seqs.get(conv)?.at(-1) ?? 0
      cursors[conv] = Math.max(0, Math.floor(random.float() * 1.1 * (seen || HISTORY)))
    }
  }
  await client.sync(cursors)
}

async function arriveAtHead(
  server: Harness,
  convs: readonly string[],
  clients: readonly TestClient[],
): Promise<void> {
  for (const conv of convs) {
    const last = await server.say('an', conv, 'hết')
    await Promise.all(clients.map((client) => client.entry(conv, last)))
  }
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random.float() * items.length)] as T
}
