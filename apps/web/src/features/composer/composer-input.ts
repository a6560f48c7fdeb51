import type { ConversationHandle } from '@tam/client'
import type { Cancel, Clock } from '@tam/util'
import { createState } from '../../platform/state.ts'
import type { Draft, Drafts } from '../../platform/drafts.ts'
import { tellSentHere } from '../timeline/sent-here.ts'
import {
  blocksSending,
  FIELD_MAX_CHARS,
  isBlank,
  keyIntent,
  limitOf,
  outgoingText,
  sameLimit,
  type Limit,
  type SendKey,
} from './composer.logic.ts'

/**
 * A field that is empty for less than this was emptied by a keyboard that types a letter anew (UniKey sends
 * Backspace and the marked letter): neither the draft is gone nor the button changes.
 */
export const EMPTY_GRACE_MS = 150

/** The box grows by this much of the text; more of it would be laid out again with every key for nothing. */
const MIRROR_MAX_CHARS = 4_000

interface ComposerInputOptions {
  readonly handle: ConversationHandle
  readonly drafts: Drafts
  readonly clock: Clock
  readonly sendKey: () => SendKey
  /** True while this conversation is the one on the screen. */
  readonly isVisible: () => boolean
}

/**
 * The text field of one conversation. The field is the browser's own and nothing is ever written into it while an
 * input method composes; what is typed belongs to this conversation from the moment it is typed.
 */
export class ComposerInput {
  /** Nothing to send: empty or white space. */
  readonly blank = createState(true)
  readonly limit = createState<Limit>({ state: 'fine' })
  readonly replyTo = createState<number | null>(null)

  #options: ComposerInputOptions
  #field: HTMLTextAreaElement | undefined
  #composing = false
  /** What to do when the input method is done. */
  #afterComposition: (() => void)[] = []
  #cancelEmpty: Cancel | undefined

  constructor(options: ComposerInputOptions) {
    this.#options = options
    this.replyTo.set(this.#draft.replyTo)
  }

  /** Fills `field` with the draft and listens until the returned function is called. */
  mount(field: HTMLTextAreaElement): () => void {
    const { drafts, handle } = this.#options
    this.#field = field
    this.#show()
    const listeners = new AbortController()
    const options = { signal: listeners.signal }
    field.addEventListener('beforeinput', (event) => this.#onBeforeInput(event), options)
    field.addEventListener('input', () => this.#onInput(), options)
    field.addEventListener('keydown', (event) => this.#onKeyDown(event), options)
    field.addEventListener('compositionstart', () => (this.#composing = true), options)
    field.addEventListener('compositionend', () => this.#onCompositionEnd(), options)
    const stops = [
      drafts.hold(handle.id),
      drafts.subscribe(handle.id, () => this.#whenNotComposing(() => this.#show())),
    ]
    return () => {
      this.#keep(field)
      this.#cancelEmpty?.()
      this.#field = undefined
      this.#composing = false
      this.#afterComposition = []
      listeners.abort()
      for (const stop of stops) {
        stop()
      }
    }
  }

  /** Sends what is typed, once the input method has finished its word. */
  requestSend(): void {
    const field = this.#field
    if (field === undefined) {
      return
    }
    if (this.#composing) {
      this.#afterComposition.push(() => this.#send())
      // Leaving the field is how a page asks an input method to finish.
      field.blur()
      field.focus()
      return
    }
    this.#send()
    field.focus()
  }

  cancelReply(): void {
    const { drafts, handle } = this.#options
    drafts.setReply(handle.id, null)
    this.#field?.focus()
  }

  #send(): void {
    const { handle } = this.#options
    const field = this.#field
    const text = field === undefined ? '' : outgoingText(field.value)
    if (field === undefined || isBlank(text) || blocksSending(limitOf(text)) || !this.#options.isVisible()) {
      return
    }
    const { replyTo } = this.#draft
    handle.send(text, replyTo === null ? {} : { replyTo })
    tellSentHere(handle)
    this.#clear(field)
    if (handle.timeline.get().hasAfter) {
      // The timeline shows what went wrong; the message itself waits in the outbox.
      handle.jumpToLatest().catch(() => {})
    }
  }

  #clear(field: HTMLTextAreaElement): void {
    field.value = ''
    this.replyTo.set(null)
    this.#keep(field, null)
    this.#measure(field)
    this.blank.set(true)
    void this.#options.drafts.flush()
  }

  #onBeforeInput(event: InputEvent): void {
    const field = this.#field
    if (field !== undefined && isPaste(event) && field.value.length + lengthOf(event) > FIELD_MAX_CHARS) {
      event.preventDefault()
      this.limit.set({ state: 'paste-refused' })
    }
  }

  #onInput(): void {
    const field = this.#field
    if (field === undefined) {
      return
    }
    this.#measure(field)
    this.#cancelEmpty?.()
    this.#cancelEmpty = undefined
    if (field.value === '') {
      this.#cancelEmpty = this.#options.clock.after(EMPTY_GRACE_MS, () => {
        this.#cancelEmpty = undefined
        this.#keep(field)
        this.blank.set(true)
      })
      return
    }
    this.#keep(field)
    this.blank.set(isBlank(field.value))
    if (!isBlank(field.value)) {
      this.#options.handle.notifyTyping()
    }
  }

  #onKeyDown(event: KeyboardEvent): void {
    switch (keyIntent(event, this.#options.sendKey())) {
      case 'send':
        event.preventDefault()
        this.#send()
        break
      case 'swallow':
        event.preventDefault()
        break
      case 'cancel':
        if (this.replyTo.get() !== null) {
          event.preventDefault()
          event.stopPropagation()
          this.cancelReply()
        }
        break
      case 'none':
        break
    }
  }

  #onCompositionEnd(): void {
    this.#composing = false
    const actions = this.#afterComposition
    this.#afterComposition = []
    // The last `input` of the composition may still be on its way.
    for (const action of actions) {
      this.#options.clock.after(0, () => this.#whenNotComposing(action))
    }
  }

  #whenNotComposing(action: () => void): void {
    if (this.#composing) {
      this.#afterComposition.push(action)
    } else {
      action()
    }
  }

  /** Takes over the draft, which may come from elsewhere. What is typed in the field is in it from the moment it is typed. */
  #show(): void {
    const field = this.#field
    const draft = this.#draft
    this.replyTo.set(draft.replyTo)
    const isEmptied = this.#cancelEmpty !== undefined
    if (field === undefined || isEmptied || field.value.normalize('NFC') === draft.text) {
      return
    }
    field.value = draft.text
    field.setSelectionRange(draft.selectionStart, draft.selectionEnd)
    this.#measure(field)
    this.blank.set(isBlank(draft.text))
  }

  get #draft(): Draft {
    const { drafts, handle } = this.#options
    return drafts.get(handle.id)
  }

  /** An answer chosen while the input method composes is in the draft before it is shown. */
  #keep(field: HTMLTextAreaElement, replyTo = this.#draft.replyTo): void {
    const { drafts, handle } = this.#options
    drafts.write(handle.id, {
      text: field.value.normalize('NFC'),
      replyTo,
      selectionStart: field.selectionStart,
      selectionEnd: field.selectionEnd,
    })
  }

  #measure(field: HTMLTextAreaElement): void {
    // The box grows by a copy of the text: measuring the field itself would shrink it for a moment and move the rows.
    const box = field.parentElement
    if (box !== null) {
      box.dataset['text'] = field.value.slice(0, MIRROR_MAX_CHARS)
    }
    const limit = limitOf(field.value)
    if (!sameLimit(limit, this.limit.get())) {
      this.limit.set(limit)
    }
  }
}

function isPaste({ inputType }: InputEvent): boolean {
  return inputType === 'insertFromPaste' || inputType === 'insertFromDrop'
}

function lengthOf({ data, dataTransfer }: InputEvent): number {
  return (data ?? dataTransfer?.getData('text/plain') ?? '').length
}
