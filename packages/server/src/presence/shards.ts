import { SHARDS } from './limits.ts'

/** The shard a person belongs to, the same for everybody who asks. */
export function shardOf(user: string): number {
  return hashOf(user) % SHARDS
}

/** Name of the group that holds the leases of a shard. */
export function leaseGroup(shard: number): string {
  return `presence/${shard}`
}

/**
 * The server that has the shard: of all that are there the one with the highest score (rendezvous hashing), so that
 * everybody agrees without being asked, and one that comes or goes moves only its own share.
 */
export function ownerOf(shard: number, servers: readonly string[]): string | undefined {
  let owner: string | undefined
  let best = -1
  for (const server of servers) {
    const score = hashOf(`${shard}/${server}`)
    if (score > best || (score === best && owner !== undefined && server < owner)) {
      best = score
      owner = server
    }
  }
  return owner
}

/** FNV-1a over the UTF-16 units, then mixed so that every bit depends on all of them. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
