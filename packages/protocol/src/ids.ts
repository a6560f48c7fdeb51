import { z } from 'zod'

/** An id the server made: opaque, ≤ 22 characters of base64url. Nothing is ever ordered by id. */
export const ServerId = z.string().regex(/^[A-Za-z0-9_-]{1,22}$/, 'must be an id made by the server')

/** An id a client made (`cid`, `device`): 8–64 characters of `[A-Za-z0-9_-]`, so that a UUID fits. */
export const ClientId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 characters of A-Z a-z 0-9 _ -')

/** Position in a log. The first entry has seq 1; there is no hole and no reuse. */
export const Seq = z.int().min(1).max(Number.MAX_SAFE_INTEGER)

/** The highest seq of a log that was applied; 0 means nothing yet. */
export const Cursor = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/** RFC 3339 UTC with milliseconds. */
export const Timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)

/** Correlates a command frame with its `ok` or `err`; chosen by the client, unique per connection. */
export const RequestId = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
