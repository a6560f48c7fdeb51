/** What a valid access token says about its bearer. */
export interface Claims {
  /** User id. */
  readonly user: string
  /** Id of the login the token was issued to. */
  readonly sid: string
  /** When it expires, seconds since the Unix epoch. */
  readonly exp: number
}
