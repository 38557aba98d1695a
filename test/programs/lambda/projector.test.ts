import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { PictureId } from "../../../src/domain/ids.ts"
import { commitItem } from "../../../src/events/dynamoCommits.ts"
import { RedisClient } from "../../../src/platform/Redis.ts"
import { slotKey } from "../../../src/queries/slotKey.ts"
import { describePostgres } from "../../engines/databases.ts"
import { clientOf, sharedRedis } from "../../engines/redis.ts"
import { commit, edited, history, posted, stream } from "../../support/encodedCommits.ts"
import { emptyReadModel, foldReadModel, readModel } from "../../support/readModel.ts"
import { recordOf, recordsOf, sequenceNumber } from "../../support/streamRecords.ts"
import { projectorSurroundings, runProjector, Surroundings } from "./projectorLambda.ts"

const [first, second, third] = history(stream(1), [posted("one")], [edited("two"), edited("three")], [edited("four")])
assert(first !== undefined && second !== undefined && third !== undefined)

/** So many comments, each posted. */
const posts = (count: number) => Array.from({ length: count }, (_, n) => commit(stream(n), 1, posted(`comment ${n}`)))

const projected = Effect.map(readModel, ({ positions }) => positions.length)

const sees = Effect.fnUntraced(function*(log: Parameters<typeof foldReadModel>[0]) {
  assert.deepStrictEqual(yield* readModel, foldReadModel(log))
})

describePostgres("The projector's Lambda", () => {
  it.layer(projectorSurroundings)((it) => {
    it.effect("projects the records of the table's stream, alone in an empty folder", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { failed } = yield* runProjector()
        const log = [first, ...history(stream(2), [posted("other")]), second, third]
        assert.deepStrictEqual(yield* failed([]), [])
        assert.deepStrictEqual(yield* failed(recordsOf(log)), [])
        yield* sees(log)
      }).pipe(Effect.scoped))

    it.effect("makes Redis forget the pictures that it changed", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { client } = yield* RedisClient
        const picture = PictureId.make(`picture-${randomUUID()}`)
        yield* Effect.eventually(Effect.tryPromise(() => client.hset(slotKey(picture), "generation", "g")))
        const { failed } = yield* runProjector()
        assert.deepStrictEqual(yield* failed(recordsOf([commit(stream(1), 1, posted("one", picture))])), [])
        assert.strictEqual(yield* Effect.promise(() => client.exists(slotKey(picture))), 0)
      }).pipe(Effect.provide(Layer.unwrap(Effect.map(sharedRedis, (url) => clientOf(url)))), Effect.scoped))

    it.effect("makes nothing of duplicates and of another order", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { failed } = yield* runProjector()
        assert.deepStrictEqual(yield* failed(recordsOf([third, first, second, first])), [])
        assert.deepStrictEqual(yield* failed(recordsOf([second, third])), [])
        yield* sees([first, second, third])
      }).pipe(Effect.scoped))

    it.effect("parks what can't be projected, passes over what is no append, and goes on", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const sql = yield* SqlClient.SqlClient
        const { failed, log } = yield* runProjector()
        const other = commit(stream(2), 1, posted("other"))
        const poison = recordOf(1, { ...commitItem(second), events: { S: "poison" } })
        const removal = recordOf(2, commitItem(first), "REMOVE")
        assert.deepStrictEqual(
          yield* failed([recordOf(0, commitItem(first)), poison, removal, recordOf(3, commitItem(other))]),
          []
        )
        yield* sees([first, other])
        assert.deepStrictEqual(
          yield* sql`SELECT stream, parked_version FROM stream_positions WHERE parked_at IS NOT NULL`,
          [{ stream: stream(1), parked_version: 2 }]
        )
        assert.match(yield* log, new RegExp(`passed over.*"sequenceNumber":"${sequenceNumber(2)}"`))
      }).pipe(Effect.scoped))

    it.effect("asks for the batch again while the database is down, and goes on in the same container once it is back", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { proxy } = yield* Surroundings
        const { failed, log } = yield* runProjector()
        // Down at the cold start, then up, then down again.
        yield* proxy.cut
        assert.deepStrictEqual(yield* failed(recordsOf([first, second])), [sequenceNumber(0)])
        yield* proxy.mend
        assert.deepStrictEqual(yield* failed(recordsOf([first])), [])
        yield* proxy.cut
        assert.deepStrictEqual(yield* failed(recordsOf([first, second])), [sequenceNumber(0)])
        assert.match(yield* log, /has to come again/)
        yield* proxy.mend
        assert.deepStrictEqual(yield* failed(recordsOf([first, second])), [])
        yield* sees([first, second])
      }).pipe(Effect.scoped))

    it.effect("replaces a connection that died without a word while the container was frozen", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { proxy } = yield* Surroundings
        const { failed } = yield* runProjector()
        assert.deepStrictEqual(yield* failed(recordsOf([first])), [])
        yield* proxy.hush
        assert.deepStrictEqual(yield* failed(recordsOf([first, second])), [])
        yield* sees([first, second])
        yield* proxy.mend
      }).pipe(Effect.scoped))

    it.effect("stops before its deadline, and names the first record that it didn't get to", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const sql = yield* SqlClient.SqlClient
        const { failed } = yield* runProjector()
        const records = recordsOf(posts(250))
        const isLocked = yield* Deferred.make<void>()
        const mayGo = yield* Deferred.make<void>()
        // Somebody holds the position of a comment in the second hundred.
        const holding = yield* sql`INSERT INTO stream_positions (stream) VALUES (${stream(150)})`.pipe(
          Effect.andThen(Deferred.succeed(isLocked, undefined)),
          Effect.andThen(Deferred.await(mayGo)),
          sql.withTransaction,
          Effect.forkChild
        )
        yield* Deferred.await(isLocked)
        assert.deepStrictEqual(yield* failed(records, 3000), [sequenceNumber(100)])
        assert.strictEqual(yield* projected, 100)
        yield* Deferred.succeed(mayGo, undefined)
        yield* Fiber.join(holding)
        assert.deepStrictEqual(yield* failed(records.slice(100)), [])
        assert.strictEqual(yield* projected, 250)
      }).pipe(Effect.scoped))

    it.effect("doesn't start with a wrong setting, and says which", () =>
      Effect.gen(function*() {
        const { refusal } = yield* runProjector({ DATABASE_URL: "mysql://nobody" })
        const error = yield* refusal({ Records: [] })
        assert.strictEqual(error.during, "init")
        assert.match(error.errorMessage, /^DATABASE_URL must be the URL of a Postgres database/)
      }).pipe(Effect.scoped))

    it.effect("refuses what isn't an event of a table's stream", () =>
      Effect.gen(function*() {
        const { refusal } = yield* runProjector()
        const error = yield* refusal({ detail: "something else" })
        assert.strictEqual(error.during, "invocation")
        assert.match(error.errorMessage, /^This function takes events from the stream of a DynamoDB table/)
      }).pipe(Effect.scoped))
  })
})
