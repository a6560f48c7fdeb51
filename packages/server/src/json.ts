import { JSON_DEPTH_MAX, JSON_KEYS_MAX } from '@tam/protocol'
import { AppError } from './errors.ts'

/**
 * Parses JSON from outside. Refuses what `JSON.parse` takes silently: duplicate keys, keys that reach prototypes,
 * nesting over JSON_DEPTH_MAX, more than JSON_KEYS_MAX keys.
 * @throws {AppError} invalid_json
 */
export function parseGuarded(text: string): unknown {
  const problem = findProblem(text)
  if (problem !== undefined) {
    throw new AppError('invalid_json', { detail: problem })
  }
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

/*
 * One pass over the structure, before the parser: it must not recurse and need not notice malformed text, which
 * the parser refuses afterwards. A string followed by a colon is a key of the innermost object.
 */
function findProblem(text: string): string | undefined {
  const scopes: (Set<string> | null)[] = []
  let keys = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE: {
        const end = stringEnd(text, i)
        if (text.charCodeAt(skipSpace(text, end)) === COLON) {
          const problem = ++keys > JSON_KEYS_MAX ? 'Too many keys' : addKey(scopes.at(-1), text.slice(i, end))
          if (problem !== undefined) {
            return problem
          }
        }
        i = end - 1
        break
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (scopes.length === JSON_DEPTH_MAX) {
          return 'Nested too deeply'
        }
        scopes.push(text.charCodeAt(i) === OPEN_BRACE ? new Set() : null)
        break
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        scopes.pop()
        break
      default:
    }
  }
  return undefined
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

function addKey(scope: Set<string> | null | undefined, literal: string): string | undefined {
  const key = keyOf(literal)
  if (key === undefined || !scope) {
    return 'Malformed'
  }
  if (FORBIDDEN_KEYS.has(key)) {
    return `The key ${key} is not allowed`
  }
  if (scope.has(key)) {
    return 'A key occurs twice'
  }
  scope.add(key)
  return undefined
}

function keyOf(literal: string): string | undefined {
  if (!literal.includes('\\')) {
    return literal.slice(1, -1)
  }
  try {
    const key: unknown = JSON.parse(literal)
    return typeof key === 'string' ? key : undefined
  } catch {
    return undefined
  }
}
