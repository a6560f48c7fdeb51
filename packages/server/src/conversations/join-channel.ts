import type { ActionDeps } from './deps.ts'
import { assertCanJoinMore } from './join-limit.ts'

/** Anybody joins a public channel that somebody is in; members stay as they are. */
export async function joinChannel(deps: ActionDeps, user: string, conv: string): Promise<void> {
  await assertCanJoinMore(deps, user, conv)
  await deps.joinings.join(conv, user)
}
