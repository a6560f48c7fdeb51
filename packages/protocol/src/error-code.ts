export interface ErrorCode {
  /** HTTP status of the problem; frames carry the code alone. */
  readonly status: number
  /** True when the same request may succeed later: the outcome is unknown or the refusal is temporary. */
  readonly retry: boolean
  readonly title: string
}

const refused = (status: number, title: string): ErrorCode => ({ status, retry: false, title })
const temporary = (status: number, title: string): ErrorCode => ({ status, retry: true, title })

/** Every `code` of a problem (RFC 9457) or an `err` frame. */
export const ERROR = {
  invalid_request: refused(400, 'The request is not valid'),
  invalid_json: refused(400, 'The body is not valid JSON'),
  common_password: refused(400, 'The password is among the first that others would guess'),
  bad_position: refused(400, 'The position does not exist'),
  unauthenticated: refused(401, 'A valid access token is needed'),
  invalid_credentials: refused(401, 'The login or the password is wrong'),
  second_factor_required: refused(401, 'A second factor is needed'),
  forbidden: refused(403, 'Not allowed'),
  origin_refused: refused(403, 'This origin is not allowed'),
  registration_closed: refused(403, 'Registration is closed'),
  not_found: refused(404, 'Not found'),
  method_not_allowed: refused(405, 'The method is not allowed here'),
  username_taken: refused(409, 'The user name is taken'),
  cid_conflict: refused(409, 'This cid was used for another message'),
  last_owner: refused(409, 'A conversation needs an owner'),
  already_member: refused(409, 'Already a member'),
  invite_unusable: refused(410, 'The invitation has ended or is used up'),
  payload_too_large: refused(413, 'The body is too large'),
  unsupported_media_type: refused(415, 'The media type is not supported'),
  unprocessable_image: refused(422, 'The image cannot be used'),
  aborted_after: temporary(409, 'An earlier message of the pipeline was not stored'),
  rate_limited: temporary(429, 'Too many requests'),
  internal: temporary(500, 'Something went wrong on the server'),
  unknown: temporary(503, 'The outcome is not known yet'),
  unavailable: temporary(503, 'The service is not available'),
  storage_full: refused(507, 'The server has no space left'),
} as const satisfies Record<string, ErrorCode>

export type ErrorCodeName = keyof typeof ERROR
