/* The smallest network: Hường and Đạt in a direct conversation and in a group. */
import type { FakeServerOptions, StoredConversation } from '@tam/testkit'
import type { Timeline } from '../api.ts'
import { TestNetwork, type TestDevice } from './test-network.ts'

export interface TwoPeople {
  readonly network: TestNetwork
  readonly huong: TestDevice
  readonly dat: TestDevice
  readonly direct: StoredConversation
  readonly group: StoredConversation
}

export async function twoPeople(options: Partial<FakeServerOptions> = {}): Promise<TwoPeople> {
  const network = new TestNetwork(1, options)
  const { server } = network
  server.store.addPerson('huong', 'Nguyễn Thị Hường')
  server.store.addPerson('dat', 'Trần Văn Đạt')
  const direct = server.addConversation(['huong', 'dat'], null)
  const group = server.addConversation(['huong', 'dat'], 'Kế hoạch Tết')
  const huong = network.device('huong')
  const dat = network.device('dat')
  await huong.start()
  await dat.start()
  return { network, huong, dat, direct, group }
}

/** Stores messages without any client. */
export function fill(
  { network }: Pick<TwoPeople, 'network'>,
  conversation: StoredConversation,
  from: string,
  count: number,
): void {
  for (let n = 0; n < count; n++) {
    const seq = conversation.entries.length + 1
    network.server.send(conversation, from, { cid: `dien-${conversation.id}-${seq}`, text: `tin ${seq}` })
  }
}

/** What a person reads, events as `<type>`. */
export function texts({ items }: Timeline): string[] {
  return items.map((item) => (item.type === 'message' ? item.text : `<${item.entry.type}>`))
}

/** First and last seq of the window, and whether there is more. */
export function extent({ items, hasBefore, hasAfter }: Timeline): string {
  return `${hasBefore ? '…' : ''}${items[0]?.seq}–${items.at(-1)?.seq}${hasAfter ? '…' : ''}`
}
