import * as Effect from "effect/Effect"
import * as EffectRedis from "effect/persistence/Redis"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { randomBytes } from "node:crypto"
import * as Redis from "../../platform/Redis.ts"
import { EngineError } from "./engines/engineProcess.ts"

// What a client asks when it connects, to one server or to a cluster.
const connecting = "+info +client|setname +cluster|info +cluster|slots"

// The rate limits' one script, and what it runs.
const limiting = "+evalsha +script|load +get +set"

/**
 * What each program that comes to Redis may do there, in the words of its ACL, and nothing else. On AWS they are the access
 * strings of infra/data.yaml, where the poller's are those of ops; in containers they stand in docker-compose.yml.
 */
export const cacheAccess = {
  command: `~limits:* -@all ${limiting} ${connecting}`,
  query: "~marginalia:* ~limits:* -@all " +
    `+eval +hget +hmget +hset +hdel +hexists +hlen +hkeys +expire ${limiting} ${connecting}`,
  poller: `~marginalia:* -@all +unlink ${connecting}`
} as const

/** Who comes to Redis. */
export type CacheUser = keyof typeof cacheAccess

/** The URLs of Redis, by who comes to it. */
export type CacheUsers = Readonly<Record<CacheUser, string>>

const connected = Redis.RedisClient.use(({ isReady }) =>
  Effect.sync(isReady).pipe(
    Effect.repeat({ until: (ready) => ready, schedule: Schedule.spaced("10 millis") }),
    Effect.timeout("10 seconds")
  )
)

/** Makes a user with a password of this run, and tells where it comes with it. */
const makeUser = Effect.fnUntraced(function*(server: string, user: CacheUser) {
  const { send } = yield* EffectRedis.Redis
  const password = randomBytes(18).toString("hex")
  yield* send("ACL", "SETUSER", user, "reset", "on", `>${password}`, ...cacheAccess[user].split(" "))
  const url = new URL(server)
  url.username = user
  url.password = password
  return url.href
})

/**
 * Gives each program a user of its own on a server that has none yet, and then lets nobody in without a name, as on AWS.
 * The server forgets all that when it ends: the next start makes them anew.
 */
export const makeCacheUsers = (server: string): Effect.Effect<CacheUsers, EngineError> =>
  Effect.gen(function*() {
    yield* connected
    const users = {
      command: yield* makeUser(server, "command"),
      query: yield* makeUser(server, "query"),
      poller: yield* makeUser(server, "poller")
    }
    // Who is here already may stay.
    const { send } = yield* EffectRedis.Redis
    yield* send("ACL", "SETUSER", "default", "reset")
    return users
  }).pipe(
    Effect.provide(Redis.layer({ url: Redacted.make(server), cluster: false, caFile: undefined })),
    Effect.mapError((error) => new EngineError({ engine: "Redis", message: `Redis got no users: ${String(error)}` }))
  )
