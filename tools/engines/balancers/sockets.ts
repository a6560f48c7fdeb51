/** Opens a WebSocket and resolves when it is open. @throws when it is refused */
export function openSocket(port: number, headers: Readonly<Record<string, string>> = {}): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers, protocols: ['tam.v1'] })
    socket.addEventListener('open', () => resolve(socket), { once: true })
    socket.addEventListener('error', () => reject(new Error('the WebSocket was refused')), { once: true })
  })
}

export function openSockets(port: number, count: number): Promise<WebSocket[]> {
  return Promise.all(Array.from({ length: count }, () => openSocket(port)))
}

/** The next text frame. */
export function nextFrame(socket: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true })
    socket.addEventListener('close', ({ code }) => reject(new Error(`closed ${code}`)), { once: true })
  })
}

/** Sends a text and resolves with what comes back. */
export function echo(socket: WebSocket, text: string): Promise<string> {
  const answer = nextFrame(socket)
  socket.send(text)
  return answer
}
