import * as Effect from "effect/Effect"
import * as EffectRedis from "effect/persistence/Redis"
import { Cluster, type Redis } from "ioredis"

type Send = EffectRedis.Redis["Service"]["send"]

const failed = (cause: unknown) => new EffectRedis.RedisError({ cause })

// A script is loaded on every master: which of them will be asked to run it, only its keys say.
const call = async (client: Redis | Cluster, command: string, args: ReadonlyArray<string>): Promise<unknown> => {
  if (!(client instanceof Cluster) || command !== "SCRIPT") return client.call(command, ...args)
  const [reply] = await Promise.all(client.nodes("master").map((node) => node.call(command, ...args)))
  return reply
}

// What a command answers is what its caller says that it is: the interface wants it so.
const sendOver = (client: Redis | Cluster): Send => <A>(command: string, ...args: ReadonlyArray<string>) =>
  Effect.tryPromise({ try: () => call(client, command, args) as Promise<A>, catch: failed })

/** What a connection is for that nobody shares: it may be silent for long, and a command that begins it waits for it. */
const patient = { socketTimeout: undefined, maxRetriesPerRequest: null } as const

/** Another connection to the same place. `lasting` ones reconnect. */
const openTwin = async (client: Redis | Cluster, lasting: boolean): Promise<Redis | Cluster> => {
  const twin = client instanceof Cluster
    ? client.duplicate([], {
      enableOfflineQueue: true,
      ...(lasting ? {} : { clusterRetryStrategy: null }),
      redisOptions: patient
    })
    : client.duplicate({ ...patient, enableOfflineQueue: true, ...(lasting ? {} : { retryStrategy: null }) })
  // Whoever uses it learns of it by a command that fails.
  twin.on("error", () => {})
  try {
    await twin.connect()
    return twin
  } catch (error) {
    twin.disconnect()
    throw error
  }
}

/**
 * Effect's own Redis service, over ioredis: for `RateLimiter`, `CircuitBreaker` and whatever else is made for it.
 *
 * On a cluster all keys of a script must be in one slot. `RateLimiter`'s token bucket has two, made from the key that it
 * is given: write it in braces, as `{alice}`.
 *
 * A subscription has a connection of its own, which reconnects and subscribes again; what was published meanwhile is
 * missed. A reserved connection doesn't reconnect.
 */
export const makeGenericRedis = (client: Redis | Cluster) =>
  EffectRedis.make({
    send: sendOver(client),
    connect: Effect.tryPromise({ try: () => openTwin(client, false), catch: failed }).pipe(
      Effect.map((twin) => ({ send: sendOver(twin), close: Effect.sync(() => twin.disconnect()) }))
    ),
    subscribe: (channel, onMessage) =>
      Effect.acquireRelease(
        Effect.tryPromise({ try: () => openTwin(client, true), catch: failed }),
        (twin) => Effect.sync(() => twin.disconnect())
      ).pipe(
        Effect.tap((twin) => {
          twin.on("message", (channel: string, message: string) => onMessage({ channel, message }))
          return Effect.tryPromise({ try: () => twin.subscribe(channel), catch: failed })
        }),
        Effect.as(Effect.never)
      )
  })
