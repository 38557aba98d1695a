import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Metric } from "effect"
import { createTables } from "../../src/platform/dynamoTables.ts"
import { metricsOf } from "../../src/projections/streamMetrics.ts"
import { follow } from "../../src/projections/StreamProjection.ts"
import { deleteTable, describeDynamo, DynamoTables } from "../engines/dynamo.ts"
import { freshStream } from "../support/commitOn.ts"
import { deleted, edited, posted } from "../support/encodedCommits.ts"
import { emptyReadModel } from "../support/readModel.ts"
import { streamProjectionOn } from "../support/streamProjection.ts"
import { append, untilCaughtUp } from "../support/tailing.ts"

const whileFollowing = Effect.fnUntraced(function*<A, E, R>(meanwhile: Effect.Effect<A, E, R>) {
  const { events } = yield* DynamoTables
  const follower = yield* Effect.forkChild(follow({ table: events, pollInterval: "20 millis" }))
  const result = yield* meanwhile
  yield* Fiber.interrupt(follower)
  return result
})

const caughtUp = Effect.gen(function*() {
  const { expected, found } = yield* untilCaughtUp
  assert.deepStrictEqual(found, expected)
})

const takenUp = Effect.gen(function*() {
  const { events } = yield* DynamoTables
  return (yield* Metric.value(metricsOf(events).reconciles)).count
})

/** Twelve comments more, four at a time. */
const some = Effect.suspend(() =>
  Effect.forEach(
    Array.from({ length: 12 }, freshStream),
    (subject, n) => append(subject, posted(`${n}`), edited(`${n}, again`), ...(n % 3 === 0 ? [deleted] : [])),
    { concurrency: 4 }
  )
)

describeDynamo("Projecting a table's stream", (engine) => {
  it.layer(streamProjectionOn(engine), { excludeTestServices: true })((it) => {
    it.effect("projects what was there before, then what is appended, and goes on later where it was", () =>
      Effect.gen(function*() {
        yield* some
        yield* whileFollowing(Effect.gen(function*() {
          yield* caughtUp
          yield* some
          yield* caughtUp
        }))
        yield* some
        yield* whileFollowing(caughtUp)
        assert.strictEqual(yield* takenUp, 1)
      }))

    it.effect("reconciles when the table is another one of the same name", () =>
      Effect.gen(function*() {
        const tables = yield* DynamoTables
        const before = yield* takenUp
        yield* deleteTable(tables.events)
        yield* createTables(tables)
        yield* emptyReadModel
        yield* some
        yield* whileFollowing(Effect.gen(function*() {
          yield* caughtUp
          yield* some
          yield* caughtUp
        }))
        assert.strictEqual(yield* takenUp, before + 1)
      }))
  })
})
