import { Effect, Fiber, Layer, Logger, ManagedRuntime } from "effect"
import { CommentId } from "../../../../src/domain/ids.ts"
import { EventStore } from "../../../../src/events/EventStore.ts"
import { type Head, newStream } from "../../../../src/events/Head.ts"
import { eventLogMigrations, eventLogMigrationsTable } from "../../../../src/events/migrations.ts"
import * as PostgresEventStore from "../../../../src/events/PostgresEventStore.ts"
import { migrate } from "../../../../src/platform/migrate.ts"
import { Projector } from "../../../../src/projections/Projector.ts"
import * as TailProjection from "../../../../src/projections/TailProjection.ts"
import * as MemoryQueryCache from "../../../../src/queries/MemoryQueryCache.ts"
import { readModelMigrations } from "../../../../src/queries/migrations.ts"
import { streamOf } from "../../stores/events.ts"
import { freshDatabase } from "../../stores/freshDatabase.ts"
import { commitOf } from "../../stores/ourCommits.ts"
import { fillLog } from "../../stores/ourHistories.ts"
import { serveStore } from "../../stores/serveStore.ts"
import type { StoreDriver } from "../../stores/StoreDriver.ts"
import { comments, lookInterval, telling } from "../../stores/telling.ts"
import type { WorkEngines } from "../../work/WorkRow.ts"

// Marginalia's store on PostgreSQL, with its tail and projector: what the standalone program has, on a real server.

const database = (engines: WorkEngines) =>
  Layer.effectDiscard(Effect.gen(function*() {
    yield* migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations })
    yield* migrate({ table: "read_model_migrations", migrations: readModelMigrations })
  })).pipe(Layer.provideMerge(freshDatabase(engines.postgres)))

const open = async (engines: WorkEngines): Promise<StoreDriver<Head>> => {
  const runtime = ManagedRuntime.make(
    PostgresEventStore.layer().pipe(Layer.provideMerge(database(engines)), Layer.provideMerge(Logger.layer([])))
  )
  const { append, load } = await runtime.runPromise(EventStore)
  const context = await runtime.context()
  const run = Effect.runPromiseWith(context)
  return {
    begin: (stream) => newStream(CommentId.make(stream)),
    append: (head, draft) => run(append(head, commitOf(head, draft))),
    load: (stream) => run(load(CommentId.make(stream), "eventual")),
    versionOf: ({ version }) => version,
    isConflict: (error) =>
      typeof error === "object" && error !== null && "_tag" in error &&
      error._tag === "VersionConflict",
    fill: (streams, events) => run(fillLog(streams, events)),
    follow: async (delivered) => {
      const following = Effect.provideService(TailProjection.follow(), Projector, telling(delivered))
      const fiber = await run(Effect.forkDetach(following))
      return { stop: () => run(Fiber.interrupt(fiber)) }
    },
    project: (events) =>
      run(
        Effect.gen(function*() {
          yield* fillLog(Array.from({ length: events }, (_, number) => streamOf(1, number)), 1)
          const begun = performance.now()
          yield* Effect.raceFirst(
            TailProjection.follow(),
            Effect.repeat(Effect.delay(comments, lookInterval), { until: (count) => count >= events })
          )
          return (performance.now() - begun) / 1000
        }).pipe(
          Effect.provide(Projector.layer.pipe(Layer.provide(MemoryQueryCache.layer())))
        )
      )
  }
}

serveStore(open)
