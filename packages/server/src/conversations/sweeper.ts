import { unreachable } from '@tam/util'
import type { ChangeDeps } from './changes.ts'
import { commitSurely } from './commit.ts'
import type { SweepResult } from './conversations.ts'
import type { Directs } from './directs.ts'
import { finishPending } from './finish.ts'
import type { Intent, StoredIntent } from './intents.ts'
import { FIRST_MESSAGE_REST_MS, INTENT_REST_MS, PARALLEL_STEPS, SAGA_SHARDS } from './limits.ts'
import { mapLimited } from './parallel.ts'
import { META, convPartition, decodeMeta, pendingKey, type VoidMetaRow } from './rows.ts'

const VOID_META: VoidMetaRow = { void: true }

/** Finishes the operations whose intents were left behind. */
export class Sweeper {
  readonly #deps: ChangeDeps
  readonly #directs: Directs

  constructor(deps: ChangeDeps, directs: Directs) {
    this.#deps = deps
    this.#directs = directs
  }

  async sweep(all: boolean): Promise<SweepResult> {
    let finished = 0
    let failed = 0
    for (let shard = 0; shard < SAGA_SHARDS; shard++) {
      const intents = (await this.#deps.intents.list(shard)).filter(
        ({ intent }) => all || this.#ageOf(intent) >= INTENT_REST_MS,
      )
      await mapLimited(intents, PARALLEL_STEPS, async (stored) => {
        // One that cannot be finished now must not hold up the others.
        const done = await this.#finish(stored, all).catch(() => false)
        finished += done ? 1 : 0
        failed += done ? 0 : 1
      })
    }
    return { finished, failed }
  }

  async #finish({ op, intent }: StoredIntent, all: boolean): Promise<boolean> {
    const done = await this.#isDone(op, intent, all)
    if (done) {
      await this.#deps.intents.remove(op)
    }
    return done
  }

  async #isDone(op: string, intent: Intent, all: boolean): Promise<boolean> {
    const { conv } = intent
    switch (intent.type) {
      case 'change':
        await this.#settle(conv, op)
        return true
      case 'open':
        if (decodeMeta(await this.#deps.kv.get(convPartition(conv), META)) !== undefined) {
          await this.#directs.show(conv, intent.user, intent.user)
        }
        return true
      case 'first-message':
        return (await this.#showStarted(conv)) || all || this.#ageOf(intent) >= FIRST_MESSAGE_REST_MS
      default:
        return unreachable(intent)
    }
  }

  /** Tells the change, or rules out that it ever becomes true: a commit of unknown outcome may still be under way. */
  async #settle(conv: string, op: string): Promise<void> {
    while (!(await this.#fence(conv, op))) {
      // Somebody else wrote the row meanwhile, perhaps the late commit itself.
    }
    if ((await this.#deps.kv.get(convPartition(conv), pendingKey(op))) !== undefined) {
      this.#deps.access.forget(conv)
      await finishPending(this.#deps, conv)
    }
  }

  // Rewriting the row changes its rev, which the late commit expects; after that, what is pending is final.
  async #fence(conv: string, op: string): Promise<boolean> {
    const partition = convPartition(conv)
    const refs = [pendingKey(op), META].map((key) => ({ partition, key }))
    const [pending, meta] = await this.#deps.kv.getMany(refs)
    if (pending !== undefined) {
      return true
    }
    const put = [{ key: META, value: meta?.value ?? JSON.stringify(VOID_META) }]
    const change = { expect: [{ key: META, rev: meta?.rev ?? null }], put }
    return commitSurely(this.#deps, partition, change, async () => false)
  }

  async #showStarted(conv: string): Promise<boolean> {
    const meta = decodeMeta(await this.#deps.kv.get(convPartition(conv), META))
    if (meta === undefined || meta.pair === null || (await this.#deps.log.head(conv)) === 0) {
      return false
    }
    await this.#directs.showToBoth(conv, meta.by, meta.pair)
    return true
  }

  #ageOf(intent: Intent): number {
    return this.#deps.clock.now() - Date.parse(intent.at)
  }
}
