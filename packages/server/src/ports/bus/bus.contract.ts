import { describe, expect, test } from 'bun:test'
import type { Bus, BusHandler } from './bus.ts'

interface BusUnderTest {
  readonly bus: Bus
  /** What handlers threw, as the engine reported it. */
  readonly errors: readonly unknown[]
  /** Resolves when everything published so far has been delivered. */
  settle(): Promise<void>
}

/** What every engine does within one process. There is no order between topics. */
export function busContract(engine: string, open: () => Promise<BusUnderTest>): void {
  async function withBus(body: (under: BusUnderTest) => Promise<void>): Promise<void> {
    const under = await open()
    try {
      await body(under)
    } finally {
      await under.bus.close()
    }
  }
  const fact = (name: string, body: Parameters<typeof withBus>[0]) => test(name, () => withBus(body))

  describe(`bus contract: ${engine}`, () => {
    fact('what is published after subscribing arrives, in order, with its topic', async ({ bus, settle }) => {
      const { heard, handler } = recorder()
      await bus.subscribe('a', handler)
      bus.publish('a', '1')
      bus.publish('a', 'Chào cả nhà 👋')
      await settle()
      expect(heard).toEqual(['a 1', 'a Chào cả nhà 👋'])
    })

    fact('topics are separate, and a publication nobody hears is gone', async ({ bus, settle }) => {
      const { heard, handler } = recorder()
      bus.publish('a', 'early')
      await settle()
      await bus.subscribe('a', handler)
      bus.publish('b', 'other')
      await settle()
      expect(heard).toEqual([])
    })

    fact('several handlers hear a topic, and one handler may hear several', async ({ bus, settle }) => {
      const [first, second] = [recorder(), recorder()]
      await bus.subscribe('a', first.handler)
      await bus.subscribe('a', second.handler)
      await bus.subscribe('b', first.handler)
      bus.publish('a', '1')
      bus.publish('b', '2')
      await settle()
      expect(first.heard.sort()).toEqual(['a 1', 'b 2'])
      expect(second.heard).toEqual(['a 1'])
    })

    fact('subscribing twice hears once', async ({ bus, settle }) => {
      const { heard, handler } = recorder()
      await bus.subscribe('a', handler)
      await bus.subscribe('a', handler)
      bus.publish('a', '1')
      await settle()
      expect(heard).toEqual(['a 1'])
      bus.unsubscribe('a', handler)
      bus.publish('a', '2')
      await settle()
      expect(heard).toHaveLength(1)
    })

    fact(
      'unsubscribing ends one handler on one topic, and is harmless when repeated',
      async ({ bus, settle }) => {
        const [first, second] = [recorder(), recorder()]
        for (const { handler } of [first, second]) {
          await bus.subscribe('a', handler)
          await bus.subscribe('b', handler)
        }
        bus.unsubscribe('a', first.handler)
        bus.unsubscribe('a', first.handler)
        bus.unsubscribe('never', first.handler)
        bus.publish('a', '1')
        bus.publish('b', '2')
        await settle()
        expect(first.heard).toEqual(['b 2'])
        expect(second.heard.sort()).toEqual(['a 1', 'b 2'])
      },
    )

    fact('a handler that throws disturbs neither the publisher nor other handlers', async (under) => {
      const { bus, errors, settle } = under
      const { heard, handler } = recorder()
      const broken = new Error('broken')
      await bus.subscribe('a', () => {
        throw broken
      })
      await bus.subscribe('a', handler)
      bus.publish('a', '1')
      await settle()
      expect(heard).toEqual(['a 1'])
      expect(errors).toEqual([broken])
    })

    fact('a handler may subscribe and unsubscribe while it is called', async ({ bus, settle }) => {
      const { heard, handler } = recorder()
      const once: BusHandler = (topic) => {
        bus.unsubscribe(topic, once)
        void bus.subscribe(topic, handler)
      }
      const { heard: other, handler: bystander } = recorder()
      await bus.subscribe('a', once)
      await bus.subscribe('a', bystander)
      bus.publish('a', '1')
      await settle()
      bus.publish('a', '2')
      await settle()
      expect(heard).toContain('a 2')
      expect(other).toEqual(['a 1', 'a 2'])
    })

    fact('while all is well it is connected and tells of no discontinuity', async ({ bus, settle }) => {
      let told = 0
      const stop = bus.onDiscontinuity(() => told++)
      await bus.subscribe('a', () => {})
      bus.publish('a', '1')
      await settle()
      expect(bus.isConnected).toBe(true)
      expect(told).toBe(0)
      stop()
      stop()
    })

    fact('after closing nothing is heard', async ({ bus, settle }) => {
      const { heard, handler } = recorder()
      await bus.subscribe('a', handler)
      await bus.close()
      bus.publish('a', '1')
      await settle()
      expect(heard).toEqual([])
    })
  })
}

function recorder(): { heard: string[]; handler: BusHandler } {
  const heard: string[] = []
  return { heard, handler: (topic, message) => heard.push(`${topic} ${message}`) }
}
