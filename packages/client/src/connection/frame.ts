import type {
  ConversationsFrame,
  DownFrame,
  EntryFrame,
  HelloFrame,
  PresenceFrame,
  ProfileFrame,
  ReadNotice,
  ResyncFrame,
} from '@tam/protocol'
import { TamError } from '../errors.ts'

/**
 * Parses one frame of the server. Returns undefined for a type this client does not know.
 * Throws TamError `protocol` when a known one lacks what the client relies on.
 */
export function decodeFrame(text: string): DownFrame | undefined {
  const frame = parseObject(text)
  const { t } = frame
  if (typeof t !== 'string' || !Object.hasOwn(CHECKS, t)) {
    return undefined
  }
  if (!CHECKS[t as DownFrame['t']](frame)) {
    throw new TamError('protocol', { message: `broken ${t} frame` })
  }
  return frame as unknown as DownFrame
}

type Fields = Record<string, unknown>

function parseObject(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new TamError('protocol', { message: 'a frame is not JSON', cause: error })
  }
  if (!isObject(value)) {
    throw new TamError('protocol', { message: 'a frame is not an object' })
  }
  return value
}

const CHECKS: Record<DownFrame['t'], (frame: Fields) => boolean> = {
  hello: ({ user, epoch, heartbeatMs }: Loose<HelloFrame>) =>
    isObject(user) && isText(user['id']) && isText(epoch) && isCount(heartbeatMs) && heartbeatMs > 0,
  ok: ({ id }) => isCount(id),
  err: ({ code, retry }) => isText(code) && typeof retry === 'boolean',
  entry: ({ conv, entries }: Loose<EntryFrame>) => isText(conv) && isEntries(entries) && entries.length > 0,
  conversations: ({ conversations }: Loose<ConversationsFrame>) => Array.isArray(conversations),
  resync: ({ conv, head }: Loose<ResyncFrame>) => isText(conv) && isCount(head),
  read: ({ conv, user, seq }: Loose<ReadNotice>) => isText(conv) && isText(user) && isCount(seq),
  typing: ({ conv, user }) => isText(conv) && isText(user),
  presence: ({ users }: Loose<PresenceFrame>) => isPeople(users),
  profile: ({ users }: Loose<ProfileFrame>) => isPeople(users),
  drain: ({ afterMs }) => isCount(afterMs),
  missed: () => true,
  pong: () => true,
}

type Loose<T> = { [K in keyof T]?: unknown }

/** Ascending without a hole: what every list of entries of one log is. */
export function isEntries(value: unknown): value is { seq: number; type: string }[] {
  if (!Array.isArray(value)) {
    return false
  }
  const first: unknown = isObject(value[0]) ? value[0]['seq'] : 1
  return (
    isCount(first) &&
    first > 0 &&
    value.every((entry, index) => isObject(entry) && entry['seq'] === first + index && isText(entry['type']))
  )
}

function isPeople(value: unknown): boolean {
  return Array.isArray(value) && value.every((person) => isObject(person) && isText(person['id']))
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
