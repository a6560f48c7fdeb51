import type { DrillEvent } from './event.ts'
import { History } from './history.ts'

/** Reads a history written as JSON lines. @throws {Error} naming the line that is not an event */
export async function readHistory(path: string): Promise<History> {
  const history = new History()
  let line = 0
  for await (const text of lines(path)) {
    line++
    try {
      history.add(JSON.parse(text) as DrillEvent)
    } catch (error) {
      throw new Error(`${path}:${line}: ${String(error)}`, { cause: error })
    }
  }
  return history.finish()
}

async function* lines(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of Bun.file(path).stream()) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
  if (rest !== '') {
    yield rest
  }
}
