import type { Readable, SessionState } from '@tam/client'
import type { Cancel, Clock } from '@tam/util'
import type { DraftChange, DraftStorage } from './drafts-storage.ts'
import { EMPTY_DRAFT, isEmptyDraft, previewOf, sameDraft, type Draft } from './drafts.logic.ts'
import { createState, type State } from './state.ts'

export type { Draft } from './drafts.logic.ts'

/** What was typed last is on disk after this long at most. */
export const DRAFT_SAVE_MS = 400
/** Longer drafts are kept for the visit only. */
export const DRAFT_MAX_CHARS = 200_000

interface DraftsOptions {
  readonly session: Readable<SessionState>
  readonly storage: DraftStorage
  readonly clock: Clock
}

/**
 * What is written and not sent, per conversation of the person signed in. Memory answers at once, the device keeps
 * it. Signing out on purpose erases it; a login that was revoked or expired does not, until somebody else signs in.
 */
export class Drafts {
  #options: DraftsOptions
  #user: string | undefined
  #drafts = new Map<string, Draft>()
  #unsaved = new Set<string>()
  #cancelSave: Cancel | undefined
  #previews = new Map<string, State<string>>()
  #written = createState<ReadonlySet<string>>(new Set())
  #held = new Map<string, number>()
  #listeners = new Map<string, Set<(draft: Draft) => void>>()

  constructor(options: DraftsOptions) {
    this.#options = options
    options.session.subscribe(() => this.#onSession())
    options.storage.onSavedElsewhere((user, changes) => this.#onSavedElsewhere(user, changes))
    this.#onSession()
  }

  /** The conversations with a draft that says something. */
  get written(): Readable<ReadonlySet<string>> {
    return this.#written
  }

  /** The draft of a conversation, empty when there is none. */
  get(conversation: string): Draft {
    return this.#drafts.get(conversation) ?? EMPTY_DRAFT
  }

  /** Takes over what stands in the composer of `conversation`. */
  write(conversation: string, draft: Draft): void {
    if (sameDraft(draft, this.get(conversation))) {
      // A field that closes says what it shows; what another tab has changed meanwhile is newer than that.
      return
    }
    if (isEmptyDraft(draft)) {
      this.#drafts.delete(conversation)
    } else {
      this.#drafts.set(conversation, draft)
    }
    this.#unsaved.add(conversation)
    this.#cancelSave ??= this.#options.clock.after(DRAFT_SAVE_MS, () => void this.flush())
    this.#paint(conversation)
  }

  /** Answers the message at `seq`, or nothing any more; the text stays. */
  setReply(conversation: string, seq: number | null): void {
    this.#change(conversation, { ...this.get(conversation), replyTo: seq })
  }

  /** Puts the text of a deleted message back into an empty composer; false when there is other text. */
  giveBack(conversation: string, text: string): boolean {
    const draft = this.get(conversation)
    if (draft.text !== '') {
      return false
    }
    this.#change(conversation, { ...draft, text, selectionStart: text.length, selectionEnd: text.length })
    return true
  }

  /**
   * Calls `listener` with drafts that did not come from the composer: read from disk, written or sent in another tab,
   * replies, texts given back.
   */
  subscribe(conversation: string, listener: (draft: Draft) => void): () => void {
    const listeners = this.#listeners.get(conversation) ?? new Set()
    this.#listeners.set(conversation, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** While a composer shows a draft, the list does not: typing must not render it. Until the result is called. */
  hold(conversation: string): () => void {
    this.#held.set(conversation, (this.#held.get(conversation) ?? 0) + 1)
    this.#paintPreview(conversation)
    return () => {
      this.#held.set(conversation, (this.#held.get(conversation) ?? 1) - 1)
      this.#paintPreview(conversation)
    }
  }

  /** The first line of a draft, for the list; empty without one and while its composer is open. */
  preview(conversation: string): Readable<string> {
    const known = this.#previews.get(conversation)
    const preview = known ?? createState(this.#previewText(conversation))
    this.#previews.set(conversation, preview)
    return preview
  }

  /** Writes everything unsaved to the device. Call when the page may end. */
  async flush(): Promise<void> {
    this.#cancelSave?.()
    this.#cancelSave = undefined
    const user = this.#user
    const conversations = [...this.#unsaved]
    this.#unsaved.clear()
    if (user === undefined || conversations.length === 0) {
      return
    }
    const changes = conversations
      .map((conversation) => ({ conversation, draft: this.#drafts.get(conversation) }))
      .filter(({ draft }) => draft === undefined || draft.text.length <= DRAFT_MAX_CHARS)
    await this.#options.storage.save(user, changes)
  }

  #onSession(): void {
    const state = this.#options.session.get()
    const user = state.status === 'signed-in' ? state.me.id : undefined
    if (user === this.#user) {
      return
    }
    const before = this.#user
    void this.flush()
    this.#user = user
    this.#drafts.clear()
    this.#unsaved.clear()
    this.#paintAll()
    if (user !== undefined) {
      void this.#load(user)
    } else if (before !== undefined && state.status === 'signed-out' && state.reason === undefined) {
      void this.#options.storage.erase(before)
    }
  }

  async #load(user: string): Promise<void> {
    const { storage } = this.#options
    void storage.eraseOthers(user)
    const stored = await storage.load(user)
    if (user !== this.#user) {
      return
    }
    for (const [conversation, draft] of stored) {
      // What was typed while the device answered is newer.
      if (!this.#drafts.has(conversation) && !this.#unsaved.has(conversation)) {
        this.#drafts.set(conversation, draft)
        this.#tell(conversation, draft)
      }
    }
    this.#paintAll()
  }

  /** What one types here is newer than what another tab had, and goes to it with the next save. */
  #onSavedElsewhere(user: string, changes: readonly DraftChange[]): void {
    if (user !== this.#user) {
      return
    }
    const news = changes.filter(({ conversation }) => !this.#unsaved.has(conversation))
    for (const { conversation, draft = EMPTY_DRAFT } of news) {
      // Also an empty one: what is still being loaded is older.
      this.#drafts.set(conversation, draft)
      this.#tell(conversation, draft)
      this.#paint(conversation)
    }
  }

  #change(conversation: string, draft: Draft): void {
    this.write(conversation, draft)
    this.#tell(conversation, draft)
  }

  #tell(conversation: string, draft: Draft): void {
    for (const listener of this.#listeners.get(conversation) ?? []) {
      listener(draft)
    }
  }

  #paintAll(): void {
    this.#written.set(new Set([...this.#drafts.keys()].filter((one) => this.#says(one))))
    for (const conversation of this.#previews.keys()) {
      this.#paintPreview(conversation)
    }
  }

  #paint(conversation: string): void {
    const says = this.#says(conversation)
    if (says !== this.#written.get().has(conversation)) {
      const others = [...this.#written.get()].filter((one) => one !== conversation)
      this.#written.set(new Set(says ? [...others, conversation] : others))
    }
    this.#paintPreview(conversation)
  }

  #says(conversation: string): boolean {
    return previewOf(this.get(conversation).text) !== ''
  }

  #paintPreview(conversation: string): void {
    this.#previews.get(conversation)?.set(this.#previewText(conversation))
  }

  #previewText(conversation: string): string {
    return (this.#held.get(conversation) ?? 0) > 0 ? '' : previewOf(this.get(conversation).text)
  }
}

/** Writes drafts to the device when the page is hidden or left; afterwards there may be no time. */
export function flushWhenLeaving(drafts: Drafts, window: Window): void {
  window.addEventListener('pagehide', () => void drafts.flush())
  window.document.addEventListener('visibilitychange', () => {
    if (window.document.visibilityState === 'hidden') {
      void drafts.flush()
    }
  })
}
