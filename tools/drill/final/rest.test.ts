import { expect, test } from 'bun:test'
import { check, violated } from '../checker/check.ts'
import type { DrillEvent } from '../checker/event.ts'
import { History } from '../checker/history.ts'
import { LIVE_READ_MS, readLive } from './rest.ts'

/** What is found about devices of one person that stayed connected with these positions; 7 was told to the first. */
async function findings(...positions: number[]): Promise<readonly string[]> {
  const events: DrillEvent[] = []
  let now = 0
  const recorder = {
    now: () => (now += LIVE_READ_MS / 2),
    add: (event: DrillEvent) => void events.push(event),
  }
  recorder.add({ type: 'read', at: recorder.now(), session: 'an-0', user: 'an', conv: 'hoi', seq: 7 })
  const sessions = positions.map((seq, device) => ({
    name: `an-${device}`,
    userId: 'an',
    isLive: true,
    reads: new Map([['hoi', seq]]),
  }))
  await readLive({ sessions }, recorder)
  return violated(check(History.from(events), { bucket: 8 }))
}

test('a device that stayed connected and never heard of a read position violates I12', async () => {
  expect(await findings(7, 7, 7)).toEqual([])
  expect(await findings(7, 3)).toEqual(['I12'])
  expect(await findings(3)).toEqual(['I12'])
})
