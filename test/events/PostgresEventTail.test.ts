import { assert, it } from "@effect/vitest"
import { Array, Cause, Duration, Effect, Ref } from "effect"
import { SqlClient } from "effect/sql"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { EventTail, TailCheckpoint } from "../../src/events/EventTail.ts"
import { newStream } from "../../src/events/Head.ts"
import { oldestTransactionAge } from "../../src/events/oldestTransaction.ts"
import { append } from "../contract/eventStoreSteps.ts"
import { eventTailContract } from "../contract/eventTail.ts"
import { follow, followed, followToNow, upTo, versionsByStream, writer } from "../contract/eventTailSteps.ts"
import { describeEngines, describePostgres } from "../engines/databases.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { posted } from "../support/encodedCommits.ts"
import { eventLog } from "../support/eventLog.ts"
import { during } from "../support/lockWaits.ts"

const insert = Effect.fnUntraced(function*() {
  const sql = yield* SqlClient.SqlClient
  const { events, id, lastVersion, stream, version } = encodeCommit(
    commitOn(newStream(freshStream()), [posted("late")])
  )
  yield* sql`
    INSERT INTO commits (stream, version, last_version, commit_id, events)
    VALUES (${stream}, ${version}, ${lastVersion}, ${id}, ${JSON.stringify(events)})`
  return stream
})

/** The streams of the log in the order of a sequence's numbers, as far as they are visible. */
const byPosition = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ readonly stream: string }>`SELECT stream FROM commits ORDER BY position`
  return rows.map(({ stream }) => stream)
})

describeEngines("The tail of a log in Postgres", (engine) => {
  eventTailContract(`PostgresEventStore on ${engine.name}`, eventLog(engine, { maxConnections: 40 }))

  it.layer(eventLog(engine), { excludeTestServices: true })((it) => {
    it.effect("refuses a checkpoint of the future, which nothing would ever follow", () =>
      Effect.gen(function*() {
        const tail = yield* EventTail
        const cause = yield* Effect.sandbox(tail.read(TailCheckpoint.make("18000000000000000000:1"), 10)).pipe(
          Effect.flip
        )
        assert.match(Cause.pretty(cause), /18000000000000000000:1 is from another server/)
      }))

    it.effect.each(["", "7", "7:", "seven:1", "7:1:1", "-7:1"])(
      "refuses what is no checkpoint: %s",
      (checkpoint) =>
        Effect.gen(function*() {
          const tail = yield* EventTail
          const cause = yield* Effect.sandbox(tail.read(TailCheckpoint.make(checkpoint), 10)).pipe(Effect.flip)
          assert.match(Cause.pretty(cause), /is no checkpoint of a log in Postgres/)
        })
    )
  })
})

describePostgres("The tail of a log that many write to", (engine) => {
  it.layer(eventLog(engine, { maxConnections: 40 }), { excludeTestServices: true })((it) => {
    it.effect("waits for a transaction that began to write earlier and commits later", () =>
      Effect.gen(function*() {
        const tail = yield* EventTail
        const { places: [, { checkpoint } = assert.fail()] } = yield* followToNow(tail.beginning)
        const late = yield* Ref.make("")
        const early = yield* during(
          Effect.flatMap(insert(), (stream) => Ref.set(late, stream)),
          Effect.gen(function*() {
            const { stream } = yield* append(newStream(freshStream()), posted("early"))
            // Whoever follows the numbers is past the late one now, for good.
            assert.strictEqual((yield* byPosition).at(-1), stream)
            assert.deepStrictEqual(yield* tail.read(checkpoint, 10), { commits: [], checkpoint })
            assert.strictEqual(yield* tail.present, checkpoint)
            return stream
          })
        )
        const { commits } = yield* follow(checkpoint, 10, ({ stream }) => stream === early)
        assert.deepStrictEqual(commits.map(({ stream }) => stream as string), [yield* Ref.get(late), early])
        assert.deepStrictEqual((yield* byPosition).slice(-2), [yield* Ref.get(late), early])
      }))

    it.effect("loses nothing of 32 writers of which half commit late, and keeps each stream in order", () =>
      Effect.gen(function*() {
        const { beginning } = yield* EventTail
        const sql = yield* SqlClient.SqlClient
        const acknowledged = yield* Ref.make(0)
        const counted = <A, E, R>(write: Effect.Effect<A, E, R>) =>
          Effect.tap(write, () => Ref.update(acknowledged, (count) => count + 1))
        // Each stays open until some that began after it have been acknowledged.
        const lateWriter = Effect.gen(function*() {
          const stream = yield* insert()
          const enough = (yield* Ref.get(acknowledged)) + 4
          yield* Effect.repeat(sql`SELECT 1`.pipe(Effect.andThen(Ref.get(acknowledged))), {
            until: (count) => count >= Math.min(enough, 16 * 20)
          })
          return stream
        }).pipe(sql.withTransaction)
        const writers = Effect.all([
          Effect.forEach(upTo(16), () => writer(20, counted), { concurrency: "unbounded" }),
          Effect.forEach(upTo(16), () => Effect.all(Array.makeBy(6, () => lateWriter)), { concurrency: "unbounded" })
        ], { concurrency: "unbounded" })
        const { commits, written: [streams, late] } = yield* followed(beginning, 1000, writers)
        const versions = versionsByStream(commits)
        for (const stream of streams) assert.deepStrictEqual(versions.get(stream), upTo(20))
        for (const stream of late.flat()) assert.deepStrictEqual(versions.get(stream), [1])
      }))

    it.effect("can be asked for how long the oldest writer has been at it, and forgets it when that is over", () =>
      Effect.gen(function*() {
        const age = yield* during(
          insert(),
          Effect.repeat(oldestTransactionAge, { until: (age) => Duration.toMillis(age) > 50 })
        )
        assert.isAbove(Duration.toMillis(age), 50)
        const ageOfMine = oldestTransactionAge
        yield* Effect.repeat(ageOfMine, { until: (later) => Duration.isLessThan(later, age) })
      }))
  })
})
