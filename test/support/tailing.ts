import { Effect, Fiber, Layer, Stream } from "effect"
import type { CommentEvent } from "../../src/domain/CommentEvent.ts"
import type { CommentId } from "../../src/domain/ids.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { EventTail } from "../../src/events/EventTail.ts"
import * as MemoryEventStore from "../../src/events/MemoryEventStore.ts"
import { eventLogMigrations, eventLogMigrationsTable } from "../../src/events/migrations.ts"
import * as PostgresEventStore from "../../src/events/PostgresEventStore.ts"
import { migrate } from "../../src/platform/migrate.ts"
import { Projector } from "../../src/projections/Projector.ts"
import { follow, type TailProjectionOptions } from "../../src/projections/TailProjection.ts"
import type { DatabaseOptions, Engine } from "../engines/databases.ts"
import { commitOn } from "./commitOn.ts"
import { migratedReadModel } from "./migratedReadModel.ts"
import { quiet } from "./projection.ts"
import { foldReadModel, readModel } from "./readModel.ts"
import { RecordingCache } from "./RecordingCache.ts"

/** A log in memory, and a projector of it on an engine's database. */
export const tailingOn = (engine: Engine, options?: DatabaseOptions) =>
  Projector.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(MemoryEventStore.layer, RecordingCache.layer, migratedReadModel(engine, options))
    ),
    Layer.provideMerge(quiet)
  )

/** A log and its read model in one database, as the standalone program has them. */
export const tailingWithin = (engine: Engine, options?: DatabaseOptions) =>
  Projector.layer.pipe(
    Layer.provideMerge(Layer.merge(PostgresEventStore.layer(), RecordingCache.layer)),
    Layer.provideMerge(
      Layer.effectDiscard(migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations }))
    ),
    Layer.provideMerge(migratedReadModel(engine, options)),
    Layer.provideMerge(quiet)
  )

/** Appends commits of one event each to a stream, one after the other. */
export const append = Effect.fnUntraced(function*(stream: CommentId, ...events: ReadonlyArray<CommentEvent>) {
  const store = yield* EventStore
  let head = yield* store.load(stream, "strong")
  for (const event of events) head = yield* store.append(head, commitOn(head, [event]))
})

/** All commits that lie in the log. */
export const wholeLog = Effect.flatMap(
  EventStore,
  (store) => Effect.map(Stream.runCollect(store.readAll()), (batches) => batches.flatMap(({ commits }) => commits))
)

/** Waits until the read model is what the log folds to, and says so; a read model that never gets there never ends this. */
export const untilCaughtUp = Effect.gen(function*() {
  const expected = foldReadModel(yield* wholeLog)
  const total = expected.history.length
  yield* Effect.repeat(readModel, { until: ({ history }) => history.length >= total })
  return { expected, found: yield* readModel }
})

/** Follows the log, perhaps by another tail, while something else is done; and then ends in good order. */
export const whileFollowing = Effect.fnUntraced(function*<A, E, R>(
  options: TailProjectionOptions,
  meanwhile: Effect.Effect<A, E, R>,
  tail?: EventTail["Service"]
) {
  const following = Effect.provideService(follow(options), EventTail, tail ?? (yield* EventTail))
  const follower = yield* Effect.forkChild(following)
  const result = yield* meanwhile
  yield* Fiber.interrupt(follower)
  return result
})
