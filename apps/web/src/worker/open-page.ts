import type { Clock } from '@tam/util'

/** Milliseconds the network has to begin its answer with a page before the stored one is shown. */
export const PAGE_LIMIT_MS = 1_500

export interface OpenPageDependencies {
  readonly fetch: () => Promise<Response>
  readonly stored: () => Promise<Response | undefined>
  readonly clock: Pick<Clock, 'after'>
}

/**
 * The page from the network, so that a new build is used as soon as it is there; the stored one when the network is
 * gone, slow, or says that no server is behind it. Nothing that comes here is stored.
 */
export async function openPage({ fetch, stored, clock }: OpenPageDependencies): Promise<Response> {
  const fetching = fetch()
  const answer = await Promise.race([fetching.catch(() => undefined), limit(clock)])
  if (answer !== undefined && answer.status < 500) {
    return answer
  }
  return (await stored()) ?? fetching
}

function limit(clock: Pick<Clock, 'after'>): Promise<undefined> {
  return new Promise((resolve) => {
    clock.after(PAGE_LIMIT_MS, () => resolve(undefined))
  })
}
