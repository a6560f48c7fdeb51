/** Baseline: Bun's native publish with no chat in it. Prints its port. */
const ROOM = 'room'

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, self) => (self.upgrade(request, { data: undefined }) ? undefined : new Response('ok')),
  websocket: {
    perMessageDeflate: false,
    maxPayloadLength: 64 * 1024,
    backpressureLimit: 16 * 1024 * 1024,
    idleTimeout: 120,
    open: (socket) => {
      socket.subscribe(ROOM)
    },
    message: (_socket, message) => {
      server.publish(ROOM, message)
    },
  },
})
console.log(JSON.stringify({ port: server.port }))
