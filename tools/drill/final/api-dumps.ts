import { PAGE_MAX } from '@tam/protocol'
import type { DownFrame, Entry } from '@tam/protocol'
import { must } from '@tam/util'
import type { Api } from '../api.ts'
import { Connection } from '../client/connection.ts'
import type { Recorder } from '../recorder.ts'
import type { Place } from '../world.ts'

/** The places to read and where to put what was read, under the name of the server that showed it. */
export interface DumpOptions {
  readonly places: readonly Place[]
  readonly recorder: Recorder
  readonly node: string
}

/**
 * Records the whole log of each conversation as a member reads it over the socket: every entry. What the server
 * refuses to show stays missing, which the checker sees.
 */
export async function dumpOverSocket(url: string, { places, recorder, node }: DumpOptions): Promise<void> {
  for (const { conv, members } of places) {
    const token = await must(members[0]).token()
    recorder.add({ type: 'dump', node, conv, scope: 'all' })
    await tolerate(async () => {
      for await (const entry of readLog(url, token, conv)) {
        const { type: kind } = entry
        recorder.add({ type: 'final', node, conv, kind, ...recorder.seen(conv, entry) })
      }
    })
  }
}

/** Records each conversation as a member reads it over HTTP: messages only. */
export async function dumpOverHttp(api: Api, { places, recorder, node }: DumpOptions): Promise<void> {
  for (const { conv, members } of places) {
    const token = await must(members[0]).token()
    recorder.add({ type: 'dump', node, conv, scope: 'messages' })
    await tolerate(async () => {
      for (let after = 0, hasAfter = true; hasAfter;) {
        const page = await api.messages(token, conv, { after, limit: PAGE_MAX })
        for (const message of page.messages) {
          recorder.add({
            type: 'final',
            node,
            conv,
            kind: 'message',
            ...recorder.seen(conv, message),
          })
        }
        hasAfter = page.hasAfter && page.messages.length > 0
        after = page.messages.at(-1)?.seq ?? after
      }
    })
  }
}

async function tolerate(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    console.error(`the final log could not be read whole: ${String(error)}`)
  }
}

async function* readLog(url: string, token: string, conv: string): AsyncGenerator<Entry> {
  const reader = await LogReader.open(url, token)
  try {
    for (let after = 0, head = 1; after < head;) {
      const page = await reader.page(conv, after)
      yield* page.entries
      head = page.entries.length === 0 ? 0 : page.head
      after = page.entries.at(-1)?.seq ?? after
    }
  } finally {
    reader.close()
  }
}

interface Page {
  readonly entries: readonly Entry[]
  readonly head: number
}

/** A socket that only reads history. */
class LogReader {
  readonly #connection: Connection
  #nextId = 1
  #answer = Promise.withResolvers<Page>()

  private constructor(url: string, token: string, onHello: () => void) {
    this.#connection = new Connection({
      url,
      token,
      device: 'drill-reader',
      onFrame: (frame) => (frame.t === 'hello' ? onHello() : this.#onFrame(frame)),
      onClose: (code) => this.#answer.reject(new Error(`the socket closed with ${code}`)),
    })
  }

  static async open(url: string, token: string): Promise<LogReader> {
    const hello = Promise.withResolvers<void>()
    const reader = new LogReader(url, token, hello.resolve)
    await Promise.race([hello.promise, reader.#answer.promise])
    reader.#connection.established()
    return reader
  }

  async page(conv: string, after: number): Promise<Page> {
    this.#answer = Promise.withResolvers<Page>()
    this.#connection.send({ t: 'history', id: this.#nextId++, conv, after, limit: PAGE_MAX })
    return this.#answer.promise
  }

  close(): void {
    this.#answer.promise.catch(() => {})
    this.#connection.close()
  }

  #onFrame(frame: DownFrame): void {
    if (frame.t === 'ok' && 'entries' in frame) {
      this.#answer.resolve(frame)
    } else if (frame.t === 'err') {
      this.#answer.reject(new Error(`history was refused: ${frame.code}`))
    }
  }
}
