import { type Bus, topics } from '../ports/bus/bus.ts'
import type { AccountStore } from './account-store.ts'

/** Lets `accounts` forget what other servers have changed, as they tell it. */
export async function hearAccountNews(
  bus: Pick<Bus, 'subscribe' | 'onDiscontinuity'>,
  accounts: Pick<AccountStore, 'forget' | 'forgetAll'>,
): Promise<void> {
  bus.onDiscontinuity(() => accounts.forgetAll())
  await bus.subscribe(topics.people, (_, frame) => {
    const { users }: { users: readonly { id: string }[] } = JSON.parse(frame)
    accounts.forget(users.map(({ id }) => id))
  })
}
