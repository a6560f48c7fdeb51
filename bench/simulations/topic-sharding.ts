import { type Random, must, seededRandom } from '@tam/util'

/*
 * People of many organisations on many gateways, and how far a message travels: to every gateway, to those that
 * subscribed its conversation, or to few because an organisation's people are kept together. And how many people hear
 * it, when those who do not have the conversation open hear of it by a coalesced badge.
 */

export interface ShardingOptions {
  readonly seed: number
  readonly people: number
  /** People of one organisation; nobody talks to another one. */
  readonly organisation: number
  readonly gateways: number
  /** Nodes of the bus; topics are spread over them by partition. */
  readonly busNodes: number
  readonly messages: number
  /** Messages of one person a second. */
  readonly rate: number
}

export interface ShardingResult {
  /** Gateways that a message is sent to. */
  readonly reach: Readonly<Record<Placement, number>>
  /** Topics that one gateway subscribes to, on average. */
  readonly topics: Readonly<Record<'topic' | 'together', number>>
  /** Messages a second that reach one gateway by the bus. */
  readonly inbound: Readonly<Record<Placement, number>>
  /** The busiest node of the bus beside the average, for topics. */
  readonly busiest: number
  /** Frames for one message: to all members; or to those who have it open, and its part of everybody's badges. */
  readonly deliveries: { readonly all: number; readonly open: number; readonly badges: number }
}

/** broadcast: everybody hears all · topic: who subscribed · together: the same, an organisation on few gateways. */
type Placement = 'broadcast' | 'topic' | 'together'

interface Kind {
  /** Conversations of this kind one person is in. */
  readonly each: number
  readonly members: number
  /** Of all messages. */
  readonly share: number
}

/** Of a person's conversations and messages: direct, public, private, group. */
const KINDS: readonly Kind[] = [
  { each: 12, members: 2, share: 0.6 },
  { each: 3, members: 200, share: 0.2 },
  { each: 3, members: 30, share: 0.1 },
  { each: 2, members: 8, share: 0.1 },
]
/** As in the engine for Redis. */
const PARTITIONS = 128
/** A badge tells one person of all that came in this many seconds where they do not look. */
export const BADGE_SECONDS = 5

interface Conversation {
  readonly id: number
  readonly members: readonly number[]
  /** Messages a second. */
  readonly rate: number
}

export function simulateSharding(options: ShardingOptions): ShardingResult {
  const { seed, people, organisation, gateways, busNodes, messages, rate } = options
  const random = seededRandom(seed)
  const conversations = found(options, random)
  const anywhere = Array.from({ length: people }, () => Math.floor(random.float() * gateways))
  // Enough gateways for the organisation, chosen by its number: nobody has to be asked where it is.
  const width = Math.max(1, Math.ceil((organisation / people) * gateways))
  const together = Array.from({ length: people }, (_, person) => {
    const first = Math.floor(person / organisation) * width
    return (first + Math.floor(random.float() * width)) % gateways
  })
  const open = opened(conversations, people, random)
  const pick = picker(conversations, random)
  const sums = { topic: 0, together: 0, all: 0, open: 0 }
  const nodes = Array.from({ length: busNodes }, () => 0)
  for (let message = 0; message < messages; message++) {
    const { id, members } = pick()
    const reached = gatewaysOf(members, anywhere)
    sums.topic += reached
    sums.together += gatewaysOf(members, together)
    sums.all += members.length
    sums.open += members.filter((member) => open[member] === id).length
    const node = partitionOf(id) % busNodes
    nodes[node] = (nodes[node] ?? 0) + reached
  }
  const total = people * rate
  const reach = { broadcast: gateways, topic: sums.topic / messages, together: sums.together / messages }
  const inbound = (hops: number) => (total * hops) / gateways
  return {
    reach,
    topics: {
      topic: topicsOf(conversations, anywhere) / gateways,
      together: topicsOf(conversations, together) / gateways,
    },
    inbound: {
      broadcast: inbound(reach.broadcast),
      topic: inbound(reach.topic),
      together: inbound(reach.together),
    },
    busiest: Math.max(...nodes) / (nodes.reduce((sum, load) => sum + load, 0) / busNodes),
    deliveries: {
      all: sums.all / messages,
      open: sums.open / messages,
      badges: badgesOf(conversations, open) / total,
    },
  }
}

/** Within a kind one conversation is as busy as any other of its organisation; between kinds the mix decides. */
function found({ people, organisation, rate }: ShardingOptions, random: Random): Conversation[] {
  const conversations: Conversation[] = []
  for (let first = 0; first < people; first += organisation) {
    const size = Math.min(organisation, people - first)
    for (const { each, members, share } of KINDS) {
      const count = Math.max(1, Math.round((size * each) / members))
      for (let i = 0; i < count; i++) {
        const chosen = new Set<number>()
        while (chosen.size < Math.min(members, size)) {
          chosen.add(first + Math.floor(random.float() * size))
        }
        conversations.push({
          id: conversations.length,
          members: [...chosen],
          rate: (size * rate * share) / count,
        })
      }
    }
  }
  return conversations
}

/** Which conversation everybody has open: one of their own, the busier the likelier. */
function opened(conversations: readonly Conversation[], people: number, random: Random): number[] {
  const open = Array.from({ length: people }, () => -1)
  const weight = Array.from({ length: people }, () => 0)
  for (const { id, members, rate } of conversations) {
    for (const member of members) {
      weight[member] = must(weight[member]) + rate
      if (random.float() * must(weight[member]) < rate) {
        open[member] = id
      }
    }
  }
  return open
}

/** Badges a second, all people together. */
function badgesOf(conversations: readonly Conversation[], open: readonly number[]): number {
  const unseen = open.map(() => 0)
  for (const { id, members, rate } of conversations) {
    for (const member of members) {
      unseen[member] = must(unseen[member]) + (open[member] === id ? 0 : rate)
    }
  }
  return unseen.reduce((sum, rate) => sum + (1 - Math.exp(-rate * BADGE_SECONDS)) / BADGE_SECONDS, 0)
}

/** Conversations by how many messages they have. */
function picker(conversations: readonly Conversation[], random: Random): () => Conversation {
  let sum = 0
  const ends = conversations.map(({ rate }) => (sum += rate))
  return () => {
    const at = random.float() * sum
    let low = 0
    let high = ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (must(ends[middle]) > at) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return must(conversations[low])
  }
}

function gatewaysOf(members: readonly number[], placement: readonly number[]): number {
  return new Set(members.map((member) => placement[member])).size
}

function topicsOf(conversations: readonly Conversation[], placement: readonly number[]): number {
  return conversations.reduce((sum, { members }) => sum + gatewaysOf(members, placement), 0)
}

function partitionOf(id: number): number {
  return Number(Bun.hash.wyhash(String(id)) % BigInt(PARTITIONS))
}
