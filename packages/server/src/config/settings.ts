import { z } from 'zod'
import { addressSet } from './addresses.ts'

/** Refuses a setting of the fleet, which this version cannot honour, instead of quietly running without it. */
const notYet = (what: string) =>
  z.string().refine(() => false, `${what} is not in this version yet: leave it unset`)

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a number from 0 to 65535')

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
  TAM_ROLES: z
    .string()
    .refine((roles) => roles === 'all', 'only "all" is in this version yet: leave it unset')
    .default('all')
    .describe('Roles of this process'),
  TAM_KV_URL: notYet('another store than the embedded one').optional().describe('Store of a fleet'),
  TAM_REDIS_URL: notYet('Redis').optional().describe('Cache and bus of a fleet'),
  TAM_BLOBS_URL: notYet('another place for uploads than the data directory')
    .optional()
    .describe('Uploads of a fleet'),
})
