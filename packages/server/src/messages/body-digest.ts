import { digest } from '../conversations/change-event.ts'

/** Tells a resend from another message under the same cid: over the NFC text and replyTo. */
export function digestOf(text: string, replyTo: number | undefined): string {
  return digest(`${replyTo ?? ''}\n${text}`)
}
