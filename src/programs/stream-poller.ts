import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as DynamoCommandInbox from "../commands/DynamoCommandInbox.ts"
import { InboxHandler } from "../commands/InboxHandler.ts"
import * as InboxSweeper from "../commands/InboxSweeper.ts"
import * as DynamoEventStore from "../events/DynamoEventStore.ts"
import { Draining } from "../platform/Draining.ts"
import { DynamoDb } from "../platform/DynamoDb.ts"
import { DynamoStreams } from "../platform/DynamoStreams.ts"
import * as Logging from "../platform/Logging.ts"
import * as Postgres from "../platform/Postgres.ts"
import * as Redis from "../platform/Redis.ts"
import { readStreamPollerSettings, type StreamPollerSettings } from "../platform/StreamPollerSettings.ts"
import { Projector } from "../projections/Projector.ts"
import { Reconcile } from "../projections/Reconcile.ts"
import { StreamCheckpoints } from "../projections/StreamCheckpoints.ts"
import * as RedisQueryCache from "../queries/RedisQueryCache.ts"
import { Management } from "./service/Management.ts"
import { runMain } from "./service/service.ts"
import { tracing } from "./service/tracing.ts"
import { followEvents } from "./stream-poller/followEvents.ts"
import { followInbox } from "./stream-poller/followInbox.ts"
import { readiness } from "./stream-poller/readiness.ts"

/**
 * The stream poller, in the place of two Lambdas: events' stream -> projector -> read model, then cache; inbox's stream,
 * and a sweeper for what it lost -> command handler -> events.
 */
export const streamPoller = (settings: StreamPollerSettings) => {
  const { database, dynamoDb, management, pollInterval, redis, shutdownTimeout, tables } = settings
  const log = DynamoEventStore.layer({ table: tables.events })
  const cache = RedisQueryCache.layer().pipe(Layer.provide(Redis.layer(redis)))
  const inbox = DynamoCommandInbox.layer({ table: tables.inbox })

  const projecting = followEvents({ table: tables.events, pollInterval }).pipe(
    Layer.provide(Reconcile.layer),
    Layer.provide(Projector.layer),
    Layer.provide([log, cache])
  )
  const running = Layer.merge(followInbox({ table: tables.inbox, pollInterval }), InboxSweeper.layer()).pipe(
    Layer.provide(InboxHandler.layer),
    Layer.provide(inbox),
    Layer.provide(log)
  )

  return Layer.merge(projecting, running).pipe(
    Layer.provide([DynamoStreams.layer(dynamoDb), StreamCheckpoints.layer]),
    Layer.provideMerge(Management.layer({ ...management, shutdownTimeout })),
    Layer.provide(readiness(tables.events)),
    Layer.provide(Draining.layer),
    Layer.provide([DynamoDb.layer(dynamoDb), Postgres.layerOf(database, "marginalia-stream-poller")]),
    Layer.provide([
      SecureRandom.layerWebCrypto,
      Logging.layer(settings),
      tracing("marginalia-stream-poller", settings.tracing)
    ])
  )
}

const program = Effect.gen(function*() {
  const settings = yield* readStreamPollerSettings
  const running = yield* Layer.build(streamPoller(settings))
  yield* Console.log(`The stream poller follows its tables, its management on ${Context.get(running, Management).url}.`)
  return yield* Effect.never
}).pipe(Effect.scoped)

if (import.meta.main) runMain({ name: "stream poller", settings: readStreamPollerSettings, run: program })
