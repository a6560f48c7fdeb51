import { SUBPROTOCOL } from '@tam/protocol'
import type { DownFrame } from '@tam/protocol'
import { must, seededRandom } from '@tam/util'
import { Api } from '../../tools/drill/api.ts'
import type { Row } from '../lib/report.ts'
import { quantile } from '../lib/statistics.ts'
import { startTam } from '../lib/tam.ts'
import type { TamServer } from '../lib/tam.ts'
import { MESSAGES, millionSeed, readMillion } from '../seed/million.ts'
import { mintTokens } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

const PAGES = 1_500
const PAGE = 50
const MISSED = 1_000
const RESUMES = 40
const TARGETS = { pageP99Ms: 5, resumeMs: 50 }

/** Pages and resumes in one long conversation, timed by a client on the other core: the server's time and the way. */
export const history: Workload = {
  name: 'history',
  title: `history: a conversation of ${MESSAGES.toLocaleString('en-US')} messages`,
  async run(say) {
    const dataDir = await millionSeed(say)
    const { member, conv } = readMillion(dataDir)
    const token = must((await mintTokens(dataDir, [member]))[0])
    const tam = await startTam(dataDir)
    try {
      const random = await timePages(tam, token, conv, 'random')
      const newest = await timePages(tam, token, conv, 'newest')
      const resumes = await timeResumes(tam, token, conv)
      const rows = [
        pageRow('random page of 50 over HTTP', random),
        pageRow('newest page of 50 over HTTP', newest),
        resumeRow(resumes),
      ]
      return { rows, raw: { random, newest, resumes } }
    } finally {
      await tam.stop()
    }
  },
}

/** Milliseconds of each request, one after the other, ascending. */
async function timePages(
  { port }: TamServer,
  token: string,
  conv: string,
  which: 'random' | 'newest',
): Promise<number[]> {
  const api = new Api(`http://127.0.0.1:${port}`)
  const random = seededRandom(1)
  const samples: number[] = []
  for (let i = 0; i < PAGES; i++) {
    const before =
      which === 'newest' ? Number.MAX_SAFE_INTEGER : PAGE + 2 + Math.floor(random.float() * MESSAGES)
    const since = performance.now()
    const { messages } = await api.messages(token, conv, { before, limit: PAGE })
    samples.push(performance.now() - since)
    if (messages.length !== PAGE) {
      throw new Error(`a page of ${messages.length}`)
    }
  }
  return samples.sort((a, b) => a - b)
}

/** Milliseconds from `sync` to the last of the missed entries, on connections of their own. */
async function timeResumes({ port }: TamServer, token: string, conv: string): Promise<number[]> {
  const samples: number[] = []
  let head = 0
  for (let i = 0; i <= RESUMES; i++) {
    const resume = await timeResume(`ws://127.0.0.1:${port}/ws`, {
      token,
      conv,
      from: Math.max(0, head - MISSED),
    })
    head = resume.head
    // The first one only learns where the head is.
    if (i > 0) {
      samples.push(resume.ms)
    }
  }
  return samples.sort((a, b) => a - b)
}

interface ResumeOptions {
  readonly token: string
  readonly conv: string
  /** 0: no cursor, live from the head. */
  readonly from: number
}

function timeResume(
  url: string,
  { token, conv, from }: ResumeOptions,
): Promise<{ ms: number; head: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ ms: number; head: number }>()
  const socket = new WebSocket(url, SUBPROTOCOL)
  let since = 0
  let head = 0
  let applied = from
  const onFrame = (frame: DownFrame) => {
    if (frame.t === 'hello') {
      since = performance.now()
      const cursors = from === 0 ? {} : { [conv]: from }
      socket.send(JSON.stringify({ t: 'sync', id: 1, cursors }))
    } else if (frame.t === 'ok' && 'conversations' in frame) {
      head = must(frame.conversations.find(({ id }) => id === conv)).head
      applied = from === 0 ? head : applied
    } else if (frame.t === 'entry' && frame.conv === conv) {
      applied = must(frame.entries.at(-1)).seq
    } else if (frame.t === 'resync') {
      reject(new Error(`resync: ${frame.reason}`))
    }
    if (head > 0 && applied >= head) {
      resolve({ ms: performance.now() - since, head })
      socket.close()
    }
  }
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ t: 'auth', token, device: 'bench-resume' })),
  )
  socket.addEventListener('message', ({ data }) => onFrame(JSON.parse(String(data)) as DownFrame))
  socket.addEventListener('close', () => reject(new Error('the socket closed')))
  return promise
}

function pageRow(name: string, samples: readonly number[]): Row {
  const p99 = quantile(samples, 0.99)
  return {
    name,
    figure: `p99 ${p99.toFixed(2)} ms`,
    target: `p99 ≤ ${TARGETS.pageP99Ms} ms`,
    met: p99 <= TARGETS.pageP99Ms,
    notes: `${latencies(samples)} · seen by the client, so the server takes less`,
  }
}

function resumeRow(samples: readonly number[]): Row {
  const p99 = quantile(samples, 0.99)
  return {
    name: `resume after ${MISSED.toLocaleString('en-US')} missed`,
    figure: `p99 ${p99.toFixed(1)} ms`,
    target: `≤ ${TARGETS.resumeMs} ms`,
    met: p99 <= TARGETS.resumeMs,
    notes: latencies(samples),
  }
}

function latencies(samples: readonly number[]): string {
  const at = (share: number) => quantile(samples, share).toFixed(2)
  return `p50 ${at(0.5)} p99 ${at(0.99)} max ${(samples.at(-1) ?? 0).toFixed(2)} ms of ${samples.length}`
}
