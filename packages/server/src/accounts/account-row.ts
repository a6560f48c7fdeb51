import { DEFAULT_PRESENCE, type Me, type PresenceSettings, type User } from '@tam/protocol'

/** The row `account` of the partition `user/<id>`. */
export interface AccountRow {
  readonly id: string
  readonly username: string
  readonly name: string
  /** Path on this server, or null. */
  readonly avatar: string | null
  readonly bio: string
  readonly status: string
  readonly locale: Me['locale']
  /** RFC 3339. */
  readonly createdAt: string
  readonly email: EmailRow | null
  /** What differs from the defaults; absent until the person changes something. */
  readonly presence?: Partial<PresenceSettings>
}

/** An address that is not verified claims nothing and grants nothing. */
export interface EmailRow {
  readonly address: string
  readonly verified: boolean
  /** Wall milliseconds when it was given. */
  readonly since: number
}

/** How long an unverified address is kept, milliseconds. */
export const UNVERIFIED_EMAIL_MS = 24 * 60 * 60 * 1_000

export const userPartition = (user: string) => `user/${user}`
export const ACCOUNT_KEY = 'account'
export const PASSWORD_KEY = 'password'

export function decodeAccount(value: string): AccountRow {
  return JSON.parse(value) as AccountRow
}

export function toUser({ id, username, name, avatar, bio, status }: AccountRow): User {
  return { id, username, name, avatar, bio, status }
}

export function toMe(row: AccountRow, now: number): Me {
  return {
    ...toUser(row),
    email: keptEmail(row, now)?.address ?? null,
    locale: row.locale,
    presence: presenceSettings(row),
    createdAt: row.createdAt,
  }
}

export function presenceSettings({ presence }: Pick<AccountRow, 'presence'>): PresenceSettings {
  return { ...DEFAULT_PRESENCE, ...presence }
}

/** The address unless it stayed unverified for too long. */
export function keptEmail({ email }: AccountRow, now: number): EmailRow | null {
  return email && (email.verified || now - email.since < UNVERIFIED_EMAIL_MS) ? email : null
}
