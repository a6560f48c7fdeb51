import { z } from 'zod'
import { parseRedisUrl } from '../ports/redis/redis-url.ts'
import { addressSet } from './addresses.ts'
import { parseRoles, ROLES } from './roles.ts'
import { parseBlobsUrl, parseStoreUrl } from './targets.ts'

/** Longer, and what starts the drain gives up waiting. */
const DRAIN_DELAY_MAX_SECONDS = 9

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a number from 0 to 65535')

const delay = z
  .string()
  .regex(/^\d{1,2}$/, `must be seconds from 0 to ${DRAIN_DELAY_MAX_SECONDS}`)
  .transform(Number)
  .refine((value) => value <= DRAIN_DELAY_MAX_SECONDS, `must be seconds from 0 to ${DRAIN_DELAY_MAX_SECONDS}`)

const scale = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/, 'must be a number above 0')
  .transform(Number)
  .refine((value) => value > 0 && value <= 1_000_000, 'must be a number above 0')

const publicUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search ||
    url.hash ||
    url.username
  ) {
    context.addIssue(
      'must be http:// or https:// with a host and nothing after it, e.g. https://chat.example.org',
    )
    return z.NEVER
  }
  return url.origin
})

const proxies = z.string().transform((text, context) => {
  try {
    return addressSet(text.split(',').map((range) => range.trim()))
  } catch {
    context.addIssue('must be addresses or CIDR ranges between commas, e.g. 10.0.0.0/8,fd00::/8')
    return z.NEVER
  }
})

const roles = z.string().transform((text, context) => {
  const names = parseRoles(text)
  if (names === undefined) {
    context.addIssue('must be all, or some of api, chat, presence, notify with commas between them')
    return z.NEVER
  }
  return names
})

/** A URL that `parse` reads, or says what is wrong with it. */
const urlOf = <Target>(parse: (url: string) => Target) =>
  z.string().transform((text, context) => {
    try {
      return parse(text)
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error))
      return z.NEVER
    }
  })

/** Every setting there is. Descriptions end up in the documentation. */
export const Settings = z.strictObject({
  TAM_HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  TAM_PORT: port.default(8_080).describe('Port to listen on; 0 takes any free one'),
  TAM_DATA_DIR: z.string().default('./data').describe('Directory of the database and the uploads'),
  TAM_PUBLIC_URL: publicUrl
    .optional()
    .describe('What browsers call this server; http://localhost:<port> when unset'),
  TAM_REGISTRATION: z.enum(['open', 'closed']).default('open').describe('Whether anybody may register'),
  TAM_TRUSTED_PROXIES: proxies.optional().describe('Proxies whose X-Forwarded-For counts'),
  TAM_RATE_LIMIT_SCALE: scale.default(1).describe('Multiplies every rate limit, for load tests'),
  TAM_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level that is logged'),
  TAM_ROLES: roles
    .default(ROLES)
    .describe('Roles of this process: all, or some of api, chat, presence, notify'),
  TAM_KV_URL: urlOf(parseStoreUrl)
    .optional()
    .describe('Store: cassandra://…, sqlite:/path, unix:///path; tam.db in the data directory when unset'),
  TAM_REDIS_URL: urlOf(parseRedisUrl).optional().describe('Cache and bus of a fleet: redis://… or its kin'),
  TAM_BLOBS_URL: urlOf(parseBlobsUrl)
    .optional()
    .describe(
      'Uploads: s3://key:secret@host/bucket, file:///path; the folder uploads of the data directory when unset',
    ),
  TAM_ADMIN_HOST: z.string().default('127.0.0.1').describe('Address of the admin listener'),
  TAM_ADMIN_PORT: port
    .optional()
    .describe('Port where anybody who reaches it may read /metrics, /healthz and /readyz; none when unset'),
  TAM_DRAIN_DELAY: delay
    .default(0)
    .describe('Seconds from a 503 of /readyz to the first refusal, for a balancer that asks now and then'),
})
