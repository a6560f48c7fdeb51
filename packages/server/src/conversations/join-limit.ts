import { AppError } from '../errors.ts'
import type { ActionDeps } from './deps.ts'
import { CONVERSATIONS_MAX } from './limits.ts'

/** @throws AppError `forbidden` when `user` is in as many conversations as one may enter by oneself, `conv` not among them */
export async function assertCanJoinMore(
  { summaries }: Pick<ActionDeps, 'summaries'>,
  user: string,
  conv?: string,
): Promise<void> {
  const refs = await summaries.refsOf(user)
  if (refs.length >= CONVERSATIONS_MAX && !refs.some((ref) => ref.conv === conv)) {
    throw new AppError('forbidden', { detail: `At most ${CONVERSATIONS_MAX} conversations` })
  }
}
