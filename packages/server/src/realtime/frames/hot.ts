import {
  fitsMessage,
  isStorable,
  type PingFrame,
  type ReadFrame,
  type SendFrame,
  type TypingFrame,
} from '@tam/protocol'
import { isBlank } from '@tam/util'
import type { z } from 'zod'

/*
 * Hand-written twins of the schemas of the frequent frames: they accept what the schema accepts, with the same
 * result, without its cost. What they do not accept goes to the schema, which says why. A differential test pins
 * them together.
 */

type Fields = Readonly<Record<string, unknown>>

const SERVER_ID = /^[A-Za-z0-9_-]{1,22}$/
const CLIENT_ID = /^[A-Za-z0-9_-]{8,64}$/

export function asSend(fields: Fields): SendFrame | undefined {
  const { t, id, conv, cid, base, prev, resend, text, replyTo } = fields
  if (
    t !== 'send' ||
    !isPosition(id, 0) ||
    !isServerId(conv) ||
    !isClientId(cid) ||
    (base !== undefined && !isPosition(base, 0)) ||
    (prev !== undefined && !isClientId(prev)) ||
    (resend !== undefined && typeof resend !== 'boolean') ||
    (replyTo !== undefined && !isPosition(replyTo, 1)) ||
    typeof text !== 'string' ||
    !isStorable(text)
  ) {
    return undefined
  }
  const stored = text.normalize('NFC')
  if (isBlank(stored) || !fitsMessage(stored)) {
    return undefined
  }
  const frame: SendFrame = { t, id, conv, cid, text: stored }
  let known = 5
  if (base !== undefined) {
    frame.base = base
    known++
  }
  if (prev !== undefined) {
    frame.prev = prev
    known++
  }
  if (resend !== undefined) {
    frame.resend = resend
    known++
  }
  if (replyTo !== undefined) {
    frame.replyTo = replyTo
    known++
  }
  return hasOnly(fields, known) ? frame : undefined
}

export function asRead(fields: Fields): ReadFrame | undefined {
  const { t, conv, seq } = fields
  return t === 'read' && isServerId(conv) && isPosition(seq, 0) && hasOnly(fields, 3)
    ? { t, conv, seq }
    : undefined
}

export function asTyping(fields: Fields): TypingFrame | undefined {
  const { t, conv } = fields
  return t === 'typing' && isServerId(conv) && hasOnly(fields, 2) ? { t, conv } : undefined
}

export function asPing(fields: Fields): z.infer<typeof PingFrame> | undefined {
  const { t } = fields
  return t === 'ping' && hasOnly(fields, 1) ? { t } : undefined
}

/** `known` fields were recognised: one more is one too many. */
function hasOnly(fields: Fields, known: number): boolean {
  let count = 0
  for (const _ in fields) {
    count++
  }
  return count === known
}

function isPosition(value: unknown, min: number): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= min
}

function isServerId(value: unknown): value is string {
  return typeof value === 'string' && SERVER_ID.test(value)
}

function isClientId(value: unknown): value is string {
  return typeof value === 'string' && CLIENT_ID.test(value)
}
