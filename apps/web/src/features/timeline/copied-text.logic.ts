/** What is selected of one message. */
export interface CopiedMessage {
  readonly author: string
  /** As the message shows it. */
  readonly time: string
  /** The message begins a group: its name stands above it. */
  readonly head: boolean
  readonly text: string
}

/** Several messages as plain text: "name, time" above each group, an empty line between groups. */
export function copiedText(messages: readonly CopiedMessage[]): string {
  return messages
    .map(({ author, time, head, text }, index) => {
      if (index > 0 && !head) {
        return `\n${text}`
      }
      return `${index === 0 ? '' : '\n\n'}${author}, ${time}\n${text}`
    })
    .join('')
}
