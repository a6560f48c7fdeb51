import { expect, test } from 'bun:test'
import { must, type Random, seededRandom } from '@tam/util'
import { type Broken, HeadsWorld } from '../tests/heads-world.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60)
const FIRST = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const STEPS = 60
const LISTED = { rev: '', hasLeft: false }
/** C7: with a healthy bus, and with a dead one. Here the store answers at once. */
const BOUND_MS = 5_000

/** One thing happens; then everything that is cut or stands still may heal. */
async function step(world: HeadsWorld, random: Random): Promise<void> {
  const node = must([...world.others, world.follower][Math.floor(random.float() * (world.others.length + 1))])
  const isFollower = node === world.follower
  const dice = random.float()
  if (dice < 0.3) {
    world.append(node)
  } else if (dice < 0.36) {
    world.appendUnknown(node, random.float() * 10_000)
  } else if (dice < 0.42) {
    world.appendSlow(node, random.float() * 8_000)
  } else if (dice < 0.5) {
    world.loss = random.float() < 0.5 ? 0 : random.float() * 0.2
  } else if (dice < 0.56) {
    node.speaks = false
  } else if (dice < 0.6) {
    node.hears = false
  } else if (dice < 0.65 && !isFollower) {
    world.crash(node)
    await world.startNode()
  } else if (dice < 0.68 && !isFollower) {
    await world.leave(node)
    await world.startNode()
  } else if (dice < 0.71 && !isFollower) {
    node.runs = false
    await world.pass(random.float() * 45_000)
    node.resume()
  } else if (dice < 0.74) {
    await world.startNode(false)
  } else {
    node.speaks = true
    node.hears = true
  }
  await world.pass(random.float() * 3_000)
}

/** Nothing but a message lost now and then, so that one fault does not hide another. */
async function calmStep(world: HeadsWorld, random: Random): Promise<void> {
  world.loss = 0.02
  world.append(must(world.others[0]))
  await world.pass(random.float() * 6_000)
}

async function worstOf(seed: number, broken?: Broken): Promise<number> {
  const random = seededRandom(seed)
  const world = new HeadsWorld(random, broken)
  await world.start(3)
  for (let i = 0; i < STEPS; i++) {
    await (seed % 3 === 0 ? calmStep(world, random) : step(world, random))
    if (world.others.length > 5) {
      world.kill(must(world.others[0]))
    }
  }
  await world.pass(BOUND_MS)
  return world.worstMs
}

test('C7 whatever the bus loses and whoever dies, no entry stays unseen past the bound', async () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    expect(await worstOf(seed), `seed ${seed}`).toBeLessThanOrEqual(BOUND_MS)
  }
}, 60_000)

test.each<[string, Broken]>([
  ['heads told are not believed', { onHead: () => {} }],
  ['doubts are not looked into', { onDoubt: () => {} }],
  ['lost digests and silent servers go unnoticed', { onGap: () => {} }],
  ['who is never heard is not known', { list: () => new Map([['follower', LISTED]]) }],
  [
    'who is cut off is taken for dead',
    { list: (servers) => new Map([...servers.keys()].map((node) => [node, LISTED])) },
  ],
])('the bound is broken where %s', async (_, broken) => {
  for (let seed = 1; seed <= RUNS; seed++) {
    if ((await worstOf(seed, broken)) > BOUND_MS) {
      return
    }
  }
  throw new Error('no seed shows it')
})
