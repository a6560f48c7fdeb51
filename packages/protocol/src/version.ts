/** The WebSocket sub-protocol. A client that asks for another is refused before the upgrade. */
export const SUBPROTOCOL = 'tam.v1'
