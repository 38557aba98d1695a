import type { Cluster, Redis } from "ioredis"
import { createHash } from "node:crypto"
import { maxEntriesPerPicture, timeToLiveSeconds } from "./QueryCache.ts"

/** What Redis runs as one step. It is sent once to each server, and named by its hash from then on. */
export interface RedisScript {
  readonly lua: string
  readonly hash: string
}

const script = (lua: string): RedisScript => ({ lua, hash: createHash("sha1").update(lua).digest("hex") })

/** The field with a slot's generation, beside those with its entries. No entry is called so. */
const generation = "generation"

/**
 * `KEYS` a slot; `ARGV` an entry's key, and a generation that was never used. Answers the slot's generation, minted now if
 * it had none, and the entry or nothing.
 *
 * The time to live is set here and nowhere else.
 */
export const readScript: RedisScript = script(`
local found = redis.call("HMGET", KEYS[1], "${generation}", ARGV[1])
if found[1] then return found end
redis.call("HSET", KEYS[1], "${generation}", ARGV[2])
redis.call("EXPIRE", KEYS[1], ${timeToLiveSeconds})
return { ARGV[2], false }
`)

/**
 * `KEYS` a slot; `ARGV` the generation that the miss gave, an entry's key, and the entry. Answers 1 if the entry was stored,
 * 0 if the generation is there no more. Some other entry makes room.
 */
export const putScript: RedisScript = script(`
if redis.call("HGET", KEYS[1], "${generation}") ~= ARGV[1] then return 0 end
if redis.call("HEXISTS", KEYS[1], ARGV[2]) == 0 and redis.call("HLEN", KEYS[1]) > ${maxEntriesPerPicture} then
  for _, field in ipairs(redis.call("HKEYS", KEYS[1])) do
    if field ~= "${generation}" then
      redis.call("HDEL", KEYS[1], field)
      break
    end
  end
end
redis.call("HSET", KEYS[1], ARGV[2], ARGV[3])
return 1
`)

const isUnknown = (error: unknown): boolean => error instanceof Error && error.message.startsWith("NOSCRIPT")

/** Runs a script on one key. A server that doesn't know it, a new one or one that was restarted, is told. */
export const runScript = (
  client: Redis | Cluster,
  { hash, lua }: RedisScript,
  key: string,
  ...args: ReadonlyArray<string | Buffer>
): Promise<unknown> =>
  client.callBuffer("evalsha", hash, 1, key, ...args).catch((error: unknown) =>
    isUnknown(error) ? client.callBuffer("eval", lua, 1, key, ...args) : Promise.reject(error)
  )
