import { connect } from 'node:net'

/** Milliseconds of silence after which no further answer is expected. */
const SILENCE_MS = 300
const DEADLINE_MS = 5_000

/** Sends bytes as they are and returns what came back, until the other side closes or falls silent. */
export function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    const finish = () => {
      clearTimeout(deadline)
      socket.destroy()
      resolve(answer)
    }
    const deadline = setTimeout(finish, DEADLINE_MS)
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      socket.setTimeout(SILENCE_MS, finish)
    })
    socket.on('error', finish)
    socket.on('close', finish)
  })
}
