/** Baseline: the plain loop over all clients that a chat server on Node with `ws` has. Prints its port. */
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, backlog: 4096 })
server.on('connection', (socket) => {
  socket.on('message', (message) => {
    const text = message.toString()
    for (const client of server.clients) {
      client.send(text)
    }
  })
})
server.on('listening', () => {
  console.log(JSON.stringify({ port: server.address().port }))
})
