import { type ErrorCodeName, RequestId, UpFrame } from '@tam/protocol'
import type { z } from 'zod'
import { AppError } from '../../errors.ts'
import { fieldErrors } from '../../http/problem.ts'
import { parseGuarded } from '../../json.ts'
import { asPing, asRead, asSend, asTyping } from './hot.ts'

const DETAIL_MAX = 200

/** Why a frame was not taken. */
export class Refusal {
  /** The frame's `id`, when it has one. */
  readonly id: number | undefined
  readonly code: ErrorCodeName
  readonly detail: string
  /** No correct client sends it; false for what a person may have typed. */
  readonly broken: boolean

  constructor(id: number | undefined, code: ErrorCodeName, detail: string, broken: boolean) {
    this.id = id
    this.code = code
    this.detail = detail.slice(0, DETAIL_MAX)
    this.broken = broken
  }
}

/** Parses and validates one frame from a client; texts come back as NFC. Never throws for what a client sent. */
export function decodeFrame(text: string): UpFrame | Refusal {
  let value: unknown
  try {
    value = parseGuarded(text)
  } catch (error) {
    return new Refusal(undefined, 'invalid_json', error instanceof AppError ? error.message : '', true)
  }
  return isFields(value)
    ? (hot(value) ?? validate(value))
    : new Refusal(undefined, 'invalid_request', 'not an object', true)
}

function hot(fields: Readonly<Record<string, unknown>>): UpFrame | undefined {
  switch (fields['t']) {
    case 'send':
      return asSend(fields)
    case 'ping':
      return asPing(fields)
    case 'typing':
      return asTyping(fields)
    case 'read':
      return asRead(fields)
    default:
      return undefined
  }
}

function validate(fields: Readonly<Record<string, unknown>>): UpFrame | Refusal {
  const result = UpFrame.safeParse(fields)
  return result.success ? result.data : refusalOf(fields, result.error.issues)
}

function refusalOf(fields: Readonly<Record<string, unknown>>, issues: readonly z.core.$ZodIssue[]): Refusal {
  const [issue] = issues
  const { data: id } = RequestId.safeParse(fields['id'])
  const isText = issues.every(({ path }) => path[0] === 'text') && typeof fields['text'] === 'string'
  const isCursor = issue?.path[0] === 'cursors' && issue.path.length > 1 && issue.code !== 'invalid_key'
  return new Refusal(
    id,
    isCursor ? 'bad_position' : 'invalid_request',
    issue === undefined ? '' : detailOf(issue),
    !isText,
  )
}

/** As over HTTP: the dotted path of the field, and what is wrong with it. */
function detailOf(issue: z.core.$ZodIssue): string {
  const [{ field, message } = { field: '', message: '' }] = fieldErrors(issue)
  return field === '' ? message : `${field}: ${message}`
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
