import { Effect, Fiber, Layer, Logger, ManagedRuntime, Option } from "effect"
import type { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { CommentId } from "../../../../src/domain/ids.ts"
import * as DynamoEventStore from "../../../../src/events/DynamoEventStore.ts"
import { EventStore } from "../../../../src/events/EventStore.ts"
import { type Head, newStream } from "../../../../src/events/Head.ts"
import { DynamoDb } from "../../../../src/platform/DynamoDb.ts"
import { DynamoStreams } from "../../../../src/platform/DynamoStreams.ts"
import { createTables } from "../../../../src/platform/dynamoTables.ts"
import { migrate } from "../../../../src/platform/migrate.ts"
import { Projector } from "../../../../src/projections/Projector.ts"
import { Reconcile } from "../../../../src/projections/Reconcile.ts"
import { StreamCheckpoints } from "../../../../src/projections/StreamCheckpoints.ts"
import * as StreamProjection from "../../../../src/projections/StreamProjection.ts"
import * as MemoryQueryCache from "../../../../src/queries/MemoryQueryCache.ts"
import { readModelMigrations } from "../../../../src/queries/migrations.ts"
import { anybody } from "../../stack/anybody.ts"
import { CapacityCounter } from "../../stores/capacity.ts"
import { draftOf, streamOf } from "../../stores/events.ts"
import { freshDatabase } from "../../stores/freshDatabase.ts"
import { commitOf } from "../../stores/ourCommits.ts"
import { fillTable } from "../../stores/ourHistories.ts"
import { atOnce } from "../../stores/repeatedly.ts"
import { serveStore } from "../../stores/serveStore.ts"
import type { StoreDriver } from "../../stores/StoreDriver.ts"
import { comments, lookInterval, telling } from "../../stores/telling.ts"
import type { WorkEngines } from "../../work/WorkRow.ts"

// Marginalia's store on DynamoDB, with its stream's follower and the projector: what the services have.

/** Writers that append what is to be projected: the stream's records are nothing but what was written one by one. */
const writers = 16

/** The others wait for ever. */
const timeLimit = "30 seconds" as const

const open = async ({ dynamo, postgres }: WorkEngines): Promise<StoreDriver<Head>> => {
  const table = `events-${randomUUID()}`
  const settings = { endpoint: dynamo, region: anybody.region, credentials: anybody.credentials, timeLimit }
  const made = Layer.effectDiscard(
    Effect.andThen(
      createTables({ events: table, inbox: `inbox-${randomUUID()}` }),
      migrate({ table: "read_model_migrations", migrations: readModelMigrations })
    )
  )
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(DynamoEventStore.layer({ table, timeLimit }), DynamoStreams.layer(settings), StreamCheckpoints.layer)
      .pipe(
        Layer.provideMerge(made),
        Layer.provideMerge(Layer.merge(DynamoDb.layer(settings), freshDatabase(postgres))),
        Layer.provideMerge(Logger.layer([]))
      )
  )
  const counter = new CapacityCounter()
  const { client } = await runtime.runPromise(DynamoDb)
  client.middlewareStack.add(counter.middleware, { step: "initialize" })
  const { append, load } = await runtime.runPromise(EventStore)
  const context = await runtime.context()
  const run = Effect.runPromiseWith(context)

  /** Follows until the scan of what there was has been done: what is appended from then on comes by the stream. */
  const follow = (projector: Layer.Layer<Projector, never, SqlClient.SqlClient | EventStore>) =>
    Effect.gen(function*() {
      const checkpoints = yield* StreamCheckpoints
      const fiber = yield* Effect.forkDetach(
        Effect.provide(StreamProjection.follow({ table }), Reconcile.layer.pipe(Layer.provideMerge(projector)))
      )
      yield* Effect.repeat(Effect.delay(checkpoints.load(table), "20 millis"), {
        until: (saved) => Option.exists(saved, ({ catchUp }) => catchUp._tag === "Done")
      })
      return fiber
    })

  const appendOne = (stream: string) => {
    const head = newStream(CommentId.make(stream))
    return run(append(head, commitOf(head, draftOf(stream, 1))))
  }

  return {
    begin: (stream) => newStream(CommentId.make(stream)),
    append: (head, draft) => run(append(head, commitOf(head, draft))),
    load: (stream) => run(load(CommentId.make(stream), "eventual")),
    versionOf: ({ version }) => version,
    isConflict: (error) =>
      typeof error === "object" && error !== null && "_tag" in error && error._tag === "VersionConflict",
    fill: (streams, events) => run(fillTable(table, streams, events)),
    takeUnits: counter.take,
    follow: async (delivered) => {
      const fiber = await run(follow(Layer.succeed(Projector, telling(delivered))))
      return { stop: () => run(Fiber.interrupt(fiber)) }
    },
    // The records wait in the stream: they are written after its place was taken, and before it is followed on.
    project: async (events) => {
      const projector = Projector.layer.pipe(Layer.provide(MemoryQueryCache.layer()))
      const first = await run(follow(projector))
      await run(Fiber.interrupt(first))
      let number = 0
      await atOnce(writers, async () => {
        if (number >= events) return false
        await appendOne(streamOf(1, number++))
        return true
      })
      const begun = performance.now()
      const second = await run(follow(projector))
      await run(Effect.repeat(Effect.delay(comments, lookInterval), { until: (count) => count >= events }))
      const seconds = (performance.now() - begun) / 1000
      await run(Fiber.interrupt(second))
      return seconds
    }
  }
}

serveStore(open)
