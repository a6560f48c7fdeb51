/* Fills an empty data directory with the development community: people, conversations, weeks of talk. */
import { createLogger } from '../../packages/server/src/observability/logger.ts'
import { parseConfig } from '../../packages/server/src/config/config.ts'
import { openEngines } from '../../packages/server/src/roles/engines.ts'
import { createServices, type Services } from '../../packages/server/src/roles/services.ts'
import { type Clock, must, type Random, randomId, seededRandom, systemClock, systemRandom } from '@tam/util'
import { conversations, dialogues, directs } from './corpus.ts'
import { passwordOf, people } from './people.ts'

const SEED = 20_261_122
const DAY_MS = 86_400_000
const SPAN_DAYS = 21
/** Messages a conversation may be ahead of the last read position, at most. */
const UNREAD_MAX = 14

/** A clock whose wall time is set, so that the talk lies in the past. */
class SeedClock implements Clock {
  at = Date.now()
  now = () => this.at
  monotonic = systemClock.monotonic
  after = systemClock.after
  every = systemClock.every
}

interface Line {
  readonly at: number
  readonly conv: string
  readonly author: string
  readonly text: string
}

export async function seed(dataDirectory: string): Promise<number> {
  const clock = new SeedClock()
  const config = parseConfig({ TAM_DATA_DIR: dataDirectory })
  const options = { config, clock, random: systemRandom, logger: createLogger('warn') }
  await using engines = await openEngines(options)
  const services = await createServices({ ...options, engines, publicUrl: 'http://localhost:8080' })
  using owned = new DisposableStack()
  owned.use(services.keys)
  const random = seededRandom(SEED)
  const start = Date.now() - SPAN_DAYS * DAY_MS
  clock.at = start
  const ids = await registerPeople(services)
  const lines = [
    ...(await groupLines(services, ids, random, start)),
    ...(await directLines(services, ids, random, start)),
  ]
  lines.sort((a, b) => a.at - b.at)
  for (const { at, conv, author, text } of lines) {
    clock.at = at
    await services.messages.send(author, conv, { cid: randomId(systemRandom, 22), text })
  }
  await readMost(services, ids, random)
  return lines.length
}

async function registerPeople(services: Services): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const { username, name, status, bio } of people) {
    const locale = username === 'grace' || username === 'tomas' ? 'en' : 'vi'
    const me = await services.accounts.register({ username, name, password: passwordOf(username), locale })
    await services.profiles.patch(me.id, { status, bio })
    ids.set(username, me.id)
  }
  return ids
}

async function groupLines(
  services: Services,
  ids: Map<string, string>,
  random: Random,
  start: number,
): Promise<Line[]> {
  const lines: Line[] = []
  for (const { kind, title, topic, members, messages } of conversations) {
    const [owner, ...memberIds] = members.map((name) => must(ids.get(name)))
    const input = { title, topic, memberIds, ...(kind === 'channel' ? { public: true } : {}) }
    const create =
      kind === 'channel' ? services.conversations.createChannel : services.conversations.createGroup
    const { conversation } = await create(must(owner), input)
    lines.push(...talk(conversation.id, [must(owner), ...memberIds], messages, random, start))
  }
  return lines
}

async function directLines(
  services: Services,
  ids: Map<string, string>,
  random: Random,
  start: number,
): Promise<Line[]> {
  const lines: Line[] = []
  for (const [one, other, messages] of directs) {
    const pair = [must(ids.get(one)), must(ids.get(other))] as const
    const { conversation } = await services.conversations.createDirect(...pair)
    lines.push(...talk(conversation.id, pair, messages, random, start))
  }
  return lines
}

/** Dialogues spread over the span, the last ones today, as bursts with minutes between the lines. */
function talk(
  conv: string,
  members: readonly string[],
  count: number,
  random: Random,
  start: number,
): Line[] {
  const end = Date.now() - 60_000
  const lines: Line[] = []
  let deck: (readonly string[])[] = []
  while (lines.length < count) {
    const progress = lines.length / count
    const base = start + 60_000 + (end - start) * progress
    // Everything was talked about once before anything comes up again.
    deck = deck.length > 0 ? deck : shuffled(dialogues, random)
    const dialogue = must(deck.pop())
    const first = Math.floor(random.float() * members.length)
    let at = base
    for (const [index, text] of dialogue.entries()) {
      at += 20_000 + random.float() * 120_000
      lines.push({
        at: Math.min(at, end),
        conv,
        author: must(members[(first + (index % Math.min(3, members.length))) % members.length]),
        text,
      })
    }
  }
  return lines.slice(0, count)
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, place: random.float() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value)
}

/** Everybody has read what came before their own last message, and mostly the rest. */
async function readMost(services: Services, ids: Map<string, string>, random: Random): Promise<void> {
  for (const user of ids.values()) {
    for (const { id, head } of await services.conversations.list(user)) {
      const { messages } = await services.messages.page(user, id, { limit: UNREAD_MAX })
      const newest = messages.map((encoded) => JSON.parse(encoded) as { seq: number; from: string })
      const own = newest.findLast(({ from }) => from === user)?.seq ?? newest[0]?.seq ?? head
      await services.reads.mark(user, id, random.float() < 0.4 ? own : head)
    }
  }
}
