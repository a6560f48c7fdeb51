/* The fuzz must be able to fail: each planted fault turns it red, with the complaint that belongs to it. */
import { afterEach, expect, test } from 'bun:test'
import { must } from '@tam/util'
import { Logs } from '../sync/logs.ts'
import { FuzzRun } from './fuzz-run.ts'

/** Seeds within which a fault has to show. */
const SEEDS = 150

async function firstComplaint(plant: (run: FuzzRun) => void): Promise<string> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const run = new FuzzRun(seed)
    plant(run)
    try {
      await run.run()
    } catch (error) {
      return (error as Error).message
    }
  }
  return 'nothing'
}

const fault = (name: string, run: () => Promise<void>) => test(name, run, 120_000)

const { append } = Logs.prototype
afterEach(() => {
  Logs.prototype.append = append
})

fault('a base raised on a resend stores a message twice', async () => {
  const complaint = await firstComplaint(({ network }) => {
    network.rewrite = (frame) => {
      const stored = frame.t === 'send' ? network.server.store.conversations.get(frame.conv) : undefined
      return frame.t === 'send' && frame.resend === true
        ? { ...frame, base: must(stored).entries.length }
        : frame
    }
  })
  expect(complaint).toMatch(/is in the log once|has nothing twice/)
})

fault('a retry under a new cid stores a message twice', async () => {
  let count = 0
  const complaint = await firstComplaint(({ network }) => {
    network.rewrite = (frame) =>
      frame.t === 'send' && frame.resend === true ? { ...frame, cid: `cid-khac-${count++}` } : frame
  })
  expect(complaint).toMatch(/is in the log once|has nothing twice/)
})

fault('sends without prev lose the typed order', async () => {
  const complaint = await firstComplaint(({ network }) => {
    network.rewrite = (frame) => {
      if (frame.t !== 'send') {
        return frame
      }
      const { prev: _prev, ...independent } = frame
      return independent
    }
  })
  expect(complaint).toContain('typed order')
})

fault('a cursor stamped over a gap loses entries', async () => {
  const complaint = await firstComplaint(() => {
    Logs.prototype.append = function stampedOver(conv, entries) {
      const cursor = this.get(conv)?.cursor ?? Infinity
      const missing = Math.max(0, (entries[0]?.seq ?? 0) - cursor - 1)
      const holes = Array.from({ length: missing }, (_, index) => ({ type: 'hole', seq: cursor + 1 + index }))
      return append.call(this, conv, [...(holes as unknown as typeof entries), ...entries])
    }
  })
  expect(complaint).toMatch(/unread of|timeline of/)
})

fault('a gap that is not repaired stays open', async () => {
  const complaint = await firstComplaint(() => {
    Logs.prototype.append = function blind(conv, entries) {
      const applied = append.call(this, conv, entries)
      return applied === 'gap' ? 'known' : applied
    }
  })
  expect(complaint).toMatch(/head of|timeline of|unread of/)
})
