/* What must be true of a network that has come to rest: every client equals the server, and nothing was lost. */
import type { StoredConversation } from '@tam/testkit'
import { must } from '@tam/util'
import type { ConversationHandle, TimelineItem } from '../api.ts'
import type { TestDevice, TestNetwork } from './test-network.ts'

/** A message that was written in a run, as `máy <device> viết <n>`. */
export interface Written {
  readonly device: number
  readonly conv: string
  readonly text: string
  discarded: boolean
  /** What the sender was told. */
  seq?: number
}

/** Throws with the first thing that is wrong. `restored`: a backup lost messages that were acknowledged. */
export async function checkConvergence(
  network: TestNetwork,
  written: readonly Written[],
  restored: boolean,
): Promise<void> {
  const { server, devices } = network
  expect(server.violations.length === 0, `no violations: ${server.violations[0]}`)
  for (const conversation of server.store.conversations.values()) {
    checkLog(conversation, devices.length)
  }
  checkNothingLost(network, written, restored)
  for (const [number, device] of devices.entries()) {
    expect(device.errors.length === 0, `device ${number} has no errors: ${String(device.errors[0])}`)
    await checkDevice(network, number, device)
  }
}

function checkLog({ id, entries }: StoredConversation, devices: number): void {
  entries.forEach((entry, index) => expect(entry.seq === index + 1, `${id} is dense at ${index + 1}`))
  const texts = entries.flatMap((entry) => (entry.type === 'message' ? [entry.text] : []))
  expect(new Set(texts).size === texts.length, `${id} has nothing twice: ${texts.join()}`)
  for (let number = 0; number < devices; number++) {
    const order = texts
      .filter((text) => text.startsWith(`máy ${number} `))
      .map((text) => Number(text.split(' ').at(-1)))
    const ascending = order.every((n, index) => index === 0 || n > must(order[index - 1]))
    expect(ascending, `typed order of device ${number} in ${id}: ${order.join()}`)
  }
}

function checkNothingLost({ server }: TestNetwork, written: readonly Written[], restored: boolean): void {
  for (const { conv, text, discarded, seq } of written) {
    const { entries } = must(server.store.conversations.get(conv))
    const stored = entries.find((entry) => entry.type === 'message' && entry.text === text)
    expect(stored !== undefined || discarded || restored, `"${text}" is stored`)
    expect(seq === undefined || restored || stored?.seq === seq, `"${text}" was acknowledged as ${seq}`)
  }
}

async function checkDevice(
  network: TestNetwork,
  number: number,
  { client, user }: TestDevice,
): Promise<void> {
  const { store } = network.server
  const expected = store.summaries(user)
  const list = ids(client.conversations.get() ?? [])
  expect(list === ids(expected), `list of device ${number}: ${list}, not ${ids(expected)}`)
  for (const summary of expected) {
    const handle = client.conversation(summary.id)
    const where = `device ${number} in ${summary.id}`
    const { head, read, unread, lastMessage } = must(handle.summary.get())
    same(
      { head, read, unread, last: lastMessage?.seq },
      { ...summary, last: summary.lastMessage?.seq },
      where,
    )
    await checkTimeline(network, handle, where)
  }
}

/** Pages back to the beginning and compares every item. */
async function checkTimeline(network: TestNetwork, handle: ConversationHandle, where: string): Promise<void> {
  const { entries } = must(network.server.store.conversations.get(handle.id))
  const close = handle.open()
  await Promise.all([handle.jumpToLatest().catch(() => undefined), network.settle()])
  for (let page = 0; page < 1_000 && handle.timeline.get().hasBefore; page++) {
    await Promise.all([handle.loadBefore(), network.settle()])
  }
  const { items, hasAfter } = handle.timeline.get()
  expect(!hasAfter, `${where} ends at the live end`)
  const shown = items.map(describe).join('\n')
  const stored = entries
    .map((e) => (e.type === 'message' ? `${e.seq} ${e.from} ${e.text}` : `${e.seq}`))
    .join('\n')
  expect(shown === stored, `timeline of ${where}:\n${shown}\nis not\n${stored}`)
  close()
}

function describe(item: TimelineItem): string {
  return item.type === 'message' ? `${item.seq} ${item.from} ${item.text}` : `${item.seq}`
}

function ids(conversations: readonly { id: string }[]): string {
  return conversations
    .map(({ id }) => id)
    .sort()
    .join()
}

function same(actual: Record<string, unknown>, expected: object, where: string): void {
  for (const [name, value] of Object.entries(actual)) {
    const wanted = (expected as Record<string, unknown>)[name]
    expect(value === wanted, `${name} of ${where} is ${String(value)}, not ${String(wanted)}`)
  }
}

function expect(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(what)
  }
}
