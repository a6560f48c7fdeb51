/** Every limit of the wire has a name here; `docs/protocol/SPEC.md` lists them with the failure each one causes. */

/** Graphemes in one message text, after NFC. */
export const TEXT_MAX_GRAPHEMES = 4_000
/** UTF-8 bytes in one message text, after NFC. */
export const TEXT_MAX_BYTES = 16 * 1024
/** Bytes in one WebSocket frame, either direction from the client's side. */
export const FRAME_MAX_BYTES = 64 * 1024
/** Bytes in the first, unauthenticated frame. */
export const AUTH_FRAME_MAX_BYTES = 4 * 1024
/** Milliseconds a connection may stay unauthenticated. */
export const AUTH_TIMEOUT_MS = 5_000
/** Milliseconds between the heartbeats a client is asked to send. */
export const HEARTBEAT_MS = 25_000
/** Entries pushed to close a gap at sync; a larger gap is answered by `resync`. */
export const SYNC_GAP_MAX = 1_000
/** Cursors in one sync frame. */
export const SYNC_CURSORS_MAX = 2_000
/** Entries or messages in one page of history. */
export const PAGE_MAX = 100
export const PAGE_DEFAULT = 50
/** Unread counts are exact up to here; one more means "99+". */
export const UNREAD_EXACT_MAX = 99
/** People in one `watch` frame. */
export const WATCH_MAX = 200
/** Conversations in one `watch` frame whose online members are counted. */
export const WATCH_CONVS_MAX = 5
/** Members above which a client watches the count of a conversation instead of its people. */
export const WATCH_PEOPLE_MEMBERS_MAX = 200
/** People one hides one's presence from by name. */
export const HIDDEN_FROM_MAX = 50
/** Ids in one `GET /api/users?ids=`. */
export const USER_IDS_MAX = 100
/** Members in one group or channel created or extended by one call. */
export const MEMBER_IDS_MAX = 200
/** Bytes in one JSON body over HTTP. */
export const BODY_MAX_BYTES = 256 * 1024
/** Nesting and keys of any JSON accepted. */
export const JSON_DEPTH_MAX = 32
export const JSON_KEYS_MAX = 2_100
/** Bytes in one uploaded avatar. */
export const AVATAR_MAX_BYTES = 8 * 1024 * 1024
export const USERNAME_MIN = 3
export const USERNAME_MAX = 32
export const NAME_MAX = 64
export const TITLE_MAX = 80
export const TOPIC_MAX = 250
export const BIO_MAX = 500
export const STATUS_MAX = 100
export const PASSWORD_MIN = 8
export const PASSWORD_MAX = 1_024
/** Lifetime of an access token, seconds. */
export const ACCESS_TOKEN_SECONDS = 600
/** Typing notices per minute, connection and conversation. */
export const TYPING_PER_MINUTE = 30
/** Sockets one user may hold; the oldest is closed 4409. */
export const SOCKETS_PER_USER_MAX = 20
