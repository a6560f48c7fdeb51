import { JSON_DEPTH_MAX, JSON_KEYS_MAX } from '@tam/protocol'
import { AppError } from './errors.ts'

/**
 * Parses JSON from outside. Refuses what `JSON.parse` takes silently: duplicate keys, keys that reach prototypes,
 * nesting over JSON_DEPTH_MAX, more than JSON_KEYS_MAX keys.
 * @throws {AppError} invalid_json
 */
export function parseGuarded(text: string): unknown {
  const written = countWritten(text)
  const value = parse(text)
  // Of keys that are written twice in one object only one is left.
  if (countKept(value) !== written) {
    throw invalid('A key occurs twice')
  }
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('invalid_json')
  }
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/**
 * Keys in the text: strings followed by a colon. One pass over the structure, before the parser: it must not recurse
 * and need not notice malformed text, which the parser refuses afterwards.
 * @throws {AppError} invalid_json for too many, or nesting that the parser should not see
 */
function countWritten(text: string): number {
  let depth = 0
  let keys = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE: {
        const end = stringEnd(text, i)
        if (text.charCodeAt(skipSpace(text, end)) === COLON && ++keys > JSON_KEYS_MAX) {
          throw invalid('Too many keys')
        }
        i = end - 1
        break
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > JSON_DEPTH_MAX) {
          throw invalid('Nested too deeply')
        }
        break
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--
        break
      default:
    }
  }
  return keys
}

/** Keys of a parsed value and of all that is in it. @throws {AppError} invalid_json for those that reach prototypes */
function countKept(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0
  }
  if (Array.isArray(value)) {
    return value.reduce((sum: number, item) => sum + countKept(item), 0)
  }
  let count = 0
  for (const key in value) {
    if (FORBIDDEN_KEYS.has(key)) {
      throw invalid(`The key ${key} is not allowed`)
    }
    count += 1 + countKept((value as Record<string, unknown>)[key])
  }
  return count
}

function invalid(detail: string): AppError {
  return new AppError('invalid_json', { detail })
}

/** Index after the closing quote of the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1)
  }
  return end === -1 ? text.length : end + 1
}

function isEscaped(text: string, index: number): boolean {
  let first = index
  while (text.charCodeAt(first - 1) === BACKSLASH) {
    first--
  }
  return (index - first) % 2 === 1
}

function skipSpace(text: string, index: number): number {
  let next = index
  while (text.charCodeAt(next) <= 0x20) {
    next++
  }
  return next
}
