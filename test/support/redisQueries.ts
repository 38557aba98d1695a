import { Effect, Layer, References, Schema } from "effect"
import { Redis } from "ioredis"
import { PictureId } from "../../src/domain/ids.ts"
import { CommentQueries } from "../../src/queries/CommentQueries.ts"
import { EntryKey, QueryCache } from "../../src/queries/QueryCache.ts"
import * as RedisQueryCache from "../../src/queries/RedisQueryCache.ts"
import { clientOf } from "../engines/redis.ts"
import { StubReadModel } from "./StubReadModel.ts"

export const picture = PictureId.make("sunset-42")
export const key = EntryKey.make("newest 20")
const query = { order: "newest", limit: 20, cursor: undefined, fresh: false } as const

const countIn = Schema.decodeSync(Schema.fromJsonString(Schema.Struct({ count: Schema.Int })))
const decoder = new TextDecoder()

/** Asks for a page, and answers with the count in its body, which here tells one read of the read model from another. */
export const askFor = (picture: PictureId) =>
  CommentQueries.use((queries) =>
    Effect.map(queries.picturePage({ ...query, picture }), ({ body }) => countIn(decoder.decode(body)).count)
  )
export const ask = askFor(picture)
export const commit = (count: number) =>
  StubReadModel.use((stub) => Effect.sync(() => stub.slice = { comments: [], more: false, count }))
export const invalidate = QueryCache.use((cache) => cache.invalidate([picture]))
const reads = StubReadModel.use(({ pages }) => Effect.sync(() => pages.length))

/** Asks until an answer comes from the cache. A put is not waited for by whom it is for. */
export const askUntilHit = Effect.gen(function*() {
  const before = yield* reads
  yield* ask
  return (yield* reads) === before
}).pipe(Effect.andThen((hit) => Effect.as(Effect.yieldNow, hit)), Effect.repeat({ until: (hit) => hit }))

// What is said about outages that are brought about on purpose would drown what matters.
const quiet = Layer.succeed(References.MinimumLogLevel, "None")

/** Queries over a Redis at this port, or the cluster that it is of, whatever becomes of it. */
export const queriesOver = (port: number, timeLimit = 5000, cluster = false) =>
  CommentQueries.layer.pipe(
    Layer.provideMerge(RedisQueryCache.layer({ timeLimit, invalidationTimeLimit: timeLimit })),
    Layer.provideMerge(Layer.merge(clientOf(`redis://127.0.0.1:${port}`, { cluster }), StubReadModel.layer)),
    Layer.provideMerge(quiet)
  )

export const portOf = (url: string) => Number(new URL(url).port)

/** A connection that nothing comes between. */
export const directly = (port: number) =>
  Effect.acquireRelease(
    Effect.sync(() => new Redis(port, "127.0.0.1")),
    (client) => Effect.sync(() => client.disconnect())
  )
