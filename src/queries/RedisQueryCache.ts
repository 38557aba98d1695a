import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import { Cluster, type Redis } from "ioredis"
import { randomBytes } from "node:crypto"
import type { PictureId } from "../domain/ids.ts"
import { RedisClient } from "../platform/Redis.ts"
import { makePatience } from "../platform/RedisPatience.ts"
import { decodeEntry, encodeEntry } from "./cachedEntry.ts"
import { begin, cacheErrors, cacheHits, cacheMisses } from "./cacheMetrics.ts"
import type { CachedAnswer, EntryKey } from "./QueryCache.ts"
import { Generation, Lookup, QueryCache, QueryCacheUnavailable } from "./QueryCache.ts"
import { putScript, readScript, runScript } from "./RedisScripts.ts"
import { SharedAnswers } from "./SharedAnswers.ts"
import { slotKey } from "./slotKey.ts"

/** How long Redis may take, in milliseconds. */
export interface RedisQueryCacheOptions {
  /** For a look-up or a put: what a slow Redis may cost a query, a few times until the breaker opens. 50, if left out. */
  readonly timeLimit?: number
  /** For an invalidation, which is worth a wait. 400, if left out. */
  readonly invalidationTimeLimit?: number
}

// 128 bits: no two are ever alike.
const newGeneration = (): string => randomBytes(16).toString("base64url")

const picturesAtOnce = 500

const forget = (client: Redis | Cluster, pictures: ReadonlyArray<PictureId>): Promise<unknown> => {
  const slots = Array.from(new Set(pictures), slotKey)
  // In a cluster each is on a server of its own. They go out together, and nobody waits for one before the next.
  const atOnce = client instanceof Cluster ? 1 : picturesAtOnce
  const commands: Array<Promise<unknown>> = []
  for (let from = 0; from < slots.length; from += atOnce) {
    commands.push(client.unlink(...slots.slice(from, from + atOnce)))
  }
  return Promise.all(commands)
}

const lookupIn = (reply: unknown): Lookup => {
  const [found, entry]: ReadonlyArray<unknown> = Array.isArray(reply) ? reply : []
  // The script answers nothing else.
  if (!Buffer.isBuffer(found)) throw new TypeError("the cache's answer has no generation")
  const generation = Generation.make(found.toString())
  const answer = Buffer.isBuffer(entry) ? decodeEntry(entry) : undefined
  return answer === undefined ? Lookup.Miss({ generation }) : Lookup.Hit({ answer, generation })
}

const make = Effect.fnUntraced(function*({ invalidationTimeLimit = 400, timeLimit = 50 }: RedisQueryCacheOptions) {
  const redis = yield* RedisClient
  const { client } = redis
  const { ask, insist } = yield* makePatience(redis, timeLimit)
  const context = yield* Effect.context<never>()
  yield* begin

  const attempt = <A>(operation: keyof typeof cacheErrors, promise: () => Promise<A>) =>
    Effect.tryPromise({
      try: promise,
      catch: (cause) => {
        cacheErrors[operation].updateUnsafe(1, context)
        return new QueryCacheUnavailable({ operation, cause })
      }
    })

  const cache = QueryCache.of({
    read: (picture, key) =>
      attempt(
        "read",
        () =>
          ask(() => runScript(client, readScript, slotKey(picture), key, newGeneration())).then((reply) => {
            const lookup = lookupIn(reply)
            const counter = lookup._tag === "Hit" ? cacheHits : cacheMisses
            counter.updateUnsafe(1, context)
            return lookup
          })
      ),
    put: (picture, generation, key, answer) =>
      attempt(
        "put",
        () =>
          ask(() => runScript(client, putScript, slotKey(picture), generation, key, encodeEntry(answer))).then((
            reply
          ) => reply === 1)
      ),
    invalidate: (pictures) =>
      Effect.asVoid(attempt("invalidate", () => insist(invalidationTimeLimit, () => forget(client, pictures))))
  })

  // An entry is never without its generation, so a plain look at it is as good as the script's, and the cheapest there is.
  const look = (picture: PictureId, key: EntryKey): Promise<CachedAnswer | undefined> =>
    ask(() => client.hgetBuffer(slotKey(picture), key)).then(
      (entry) => {
        const answer = entry === null ? undefined : decodeEntry(entry)
        if (answer !== undefined) cacheHits.updateUnsafe(1, context)
        return answer
      },
      () => undefined
    )

  // Who comes in the same turn of the event loop shares a look, which goes out in that turn: no answer is older than that for
  // it, and what everybody reads is asked for once a turn.
  const looks = new Map<string, Promise<CachedAnswer | undefined>>()

  const answers = SharedAnswers.of({
    find: (picture, key) => {
      const name = `${picture} ${key}`
      const shared = looks.get(name)
      if (shared !== undefined) return shared
      if (looks.size === 0) setImmediate(() => looks.clear())
      const own = look(picture, key)
      looks.set(name, own)
      return own
    }
  })

  return Context.make(QueryCache, cache).pipe(Context.add(SharedAnswers, answers))
})

/**
 * The query cache in Redis, for all processes that share it: one hash for each picture, one script for each step, one round
 * trip for a hit.
 *
 * Redis being down costs a query nothing, being slow a few milliseconds until the breaker opens. No breaker stops an
 * invalidation. What Redis has lost, by eviction, expiry, flush or restart, was lost with its generation. A failover may
 * undo an invalidation that the replica hadn't seen: then an answer is as old as its slot may be, 30 seconds at most.
 */
export const layer = (
  options: RedisQueryCacheOptions = {}
): Layer.Layer<QueryCache | SharedAnswers, never, RedisClient> =>
  Layer.effectContext(make(options)).pipe(Layer.provide(CircuitBreaker.layerStoreMemory()))
