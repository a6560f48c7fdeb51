/** What a channel carries: `<topic>\n<message>`. Topics hold no newline. */
export function encodePublication(topic: string, message: string): string {
  return `${topic}\n${message}`
}

export function decodePublication(text: string): [topic: string, message: string] {
  const end = text.indexOf('\n')
  return [text.slice(0, end), text.slice(end + 1)]
}
