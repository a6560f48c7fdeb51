import { SERVER_TIME, scriptOf } from './cache.redis.take.ts'

/*
 * The leases of a group are the fields of one hash, `<end, server's milliseconds> <value>` by holder, because Redis
 * expires keys and not fields. The hash lives as long as its longest lease.
 */

/** KEYS: the group; ARGV: holder, ttlMs, value. */
export const HOLD_SCRIPT = scriptOf(`${SERVER_TIME}
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f ', now + ARGV[2]) .. ARGV[3])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`)

/** KEYS: the group. Returns holder, value, holder, value … and forgets what has ended. */
export const HELD_SCRIPT = scriptOf(`${SERVER_TIME}
local all = redis.call('HGETALL', KEYS[1])
local held = {}
for i = 1, #all, 2 do
  local space = string.find(all[i + 1], ' ', 1, true)
  if tonumber(string.sub(all[i + 1], 1, space - 1)) > now then
    held[#held + 1] = all[i]
    held[#held + 1] = string.sub(all[i + 1], space + 1)
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return held`)
