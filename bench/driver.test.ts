import { beforeAll, describe, expect, test } from 'bun:test'
import { buildDriver, drive } from './lib/driver.ts'
import type { AcksResult, DriverOptions, FanoutResult } from './lib/driver.ts'

const hasCompiler = ['cc', 'gcc', 'clang'].some((name) => Bun.which(name) !== null)
const SOCKETS = 20
const MESSAGE = `{mark}${'x'.repeat(82)}`
const COMMAND = `{"t":"send","id":{id},"cid":"{cid}","base":{base},"text":"${MESSAGE}"}`

type Socket = Bun.ServerWebSocket<{ index: number }>

/** A server of one room whose `deliver` may go wrong on purpose. */
function serve(onMessage: (message: string, sockets: readonly Socket[], count: number) => void) {
  const sockets: Socket[] = []
  let count = 0
  return Bun.serve<{ index: number }>({
    port: 0,
    fetch: (request, server) => {
      server.upgrade(request, { data: { index: sockets.length } })
    },
    websocket: {
      open: (socket) => void sockets.push(socket),
      message: (_socket, message) => onMessage(String(message), sockets, ++count),
    },
  })
}

async function fanout(onMessage: Parameters<typeof serve>[0]): Promise<FanoutResult> {
  await using server = serve(onMessage)
  const { results } = await drive<FanoutResult>({ mode: 'fanout', publish: MESSAGE, ...quick(server.port) })
  return results[0]!
}

function quick(
  port: number | undefined,
): Pick<DriverOptions, 'port' | 'sockets' | 'inflight' | 'warm' | 'seconds' | 'stall'> {
  return { port: port!, sockets: SOCKETS, inflight: '4', warm: 0.05, seconds: 0.2, stall: 0.3 }
}

const toAll = (message: string, sockets: readonly Socket[]) =>
  sockets.forEach((socket) => socket.send(message))

describe.skipIf(!hasCompiler)('the load driver', () => {
  beforeAll(buildDriver)

  test('counts every delivery of a correct server, however messages are packed', async () => {
    let held = ''
    const result = await fanout((message, sockets) => {
      held += message
      if (held.length >= 2 * message.length) {
        toAll(held, sockets)
        held = ''
      }
    })
    expect(result).toMatchObject({ lost: 0, doubled: 0, reordered: 0, closed: 0 })
    expect(result.perSecond).toBeGreaterThan(0)
  })

  test('sees a message that one socket does not get', async () => {
    const result = await fanout((message, sockets, count) =>
      sockets.forEach((socket, index) => (count === 50 && index === 3 ? 0 : socket.send(message))),
    )
    expect(result).toMatchObject({ lost: 1, doubled: 0, reordered: 0 })
  })

  test('sees a message that one socket gets twice', async () => {
    const result = await fanout((message, sockets, count) => {
      toAll(message, sockets)
      if (count === 50) {
        sockets[3]!.send(message)
      }
    })
    expect(result).toMatchObject({ lost: 0, doubled: 1 })
  })

  test('sees two messages that one socket gets in another order', async () => {
    let held = ''
    const result = await fanout((message, sockets, count) => {
      if (count === 50) {
        held = message
        sockets.forEach((socket, index) => (index === 3 ? 0 : socket.send(message)))
        return
      }
      toAll(message, sockets)
      if (count === 51) {
        sockets[3]!.send(held)
      }
    })
    expect(result).toMatchObject({ lost: 0, doubled: 0, reordered: 1 })
  })

  describe('with acknowledgements', () => {
    const acks = async (seqOf: (seq: number) => number, echoes: number): Promise<AcksResult> => {
      const seqs = new Map<number, number>()
      await using server = Bun.serve<{ index: number }>({
        port: 0,
        fetch: (request, self) => {
          self.upgrade(request, { data: { index: 0 } })
        },
        websocket: {
          open: (socket) => {
            socket.data.index = seqs.size
            seqs.set(seqs.size, 0)
          },
          message: (socket, text) => {
            const { id, text: body } = JSON.parse(String(text)) as { id: number; text: string }
            const seq = seqs.get(socket.data.index)! + 1
            seqs.set(socket.data.index, seq)
            socket.send(`{"t":"ok","id":${id},"seq":${seqOf(seq)}}`)
            for (let i = 0; i < echoes; i++) {
              socket.send(`{"t":"entry","text":"${body}"}`)
            }
          },
        },
      })
      const { results } = await drive<AcksResult>({ mode: 'acks', publish: COMMAND, ...quick(server.port) })
      return results[0]!
    }

    test('finds nothing wrong with dense seqs and one echo each', async () => {
      const result = await acks((seq) => seq, 1)
      expect(result).toMatchObject({ lost: 0, doubled: 0, reordered: 0, refused: 0 })
      expect(result.samples).toBeGreaterThan(0)
    })

    test('sees a seq that is given twice', async () => {
      expect((await acks((seq) => (seq === 20 ? 19 : seq), 1)).reordered).toBeGreaterThan(0)
    })

    test('sees a missing and a double echo', async () => {
      expect((await acks((seq) => seq, 0)).lost).toBeGreaterThan(0)
      expect((await acks((seq) => seq, 2)).doubled).toBeGreaterThan(0)
    })
  })
})
