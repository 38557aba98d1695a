import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { AnswerHeaders, browserHeaders } from "../api/handlers/answerHeaders.ts"
import { ClientAddressHeader } from "../api/handlers/clientAddress.ts"
import { CommandAcceptance } from "../commands/CommandAcceptance.ts"
import { CommandHandler } from "../commands/CommandHandler.ts"
import { InboxHandler } from "../commands/InboxHandler.ts"
import * as InboxSweeper from "../commands/InboxSweeper.ts"
import { InboxWorker } from "../commands/InboxWorker.ts"
import * as PostgresCommandInbox from "../commands/PostgresCommandInbox.ts"
import * as LogMetrics from "../events/logMetrics.ts"
import * as PostgresEventStore from "../events/PostgresEventStore.ts"
import { DataDirectory } from "../platform/DataDirectory.ts"
import { developmentAudience, developmentIssuer, DevelopmentTokens } from "../platform/DevelopmentTokens.ts"
import { Draining } from "../platform/Draining.ts"
import * as EmbeddedMaintenance from "../platform/embeddedMaintenance.ts"
import { EmbeddedPostgres } from "../platform/EmbeddedPostgres.ts"
import * as Logging from "../platform/Logging.ts"
import * as MemoryRateLimits from "../platform/MemoryRateLimits.ts"
import type { StandaloneSettings } from "../platform/StandaloneSettings.ts"
import { readStandaloneSettings } from "../platform/StandaloneSettings.ts"
import { TokenVerifier } from "../platform/TokenVerifier.ts"
import { Projector } from "../projections/Projector.ts"
import * as TailProjection from "../projections/TailProjection.ts"
import { CommentQueries } from "../queries/CommentQueries.ts"
import * as MemoryQueryCache from "../queries/MemoryQueryCache.ts"
import { PositionWaiter } from "../queries/PositionWaiter.ts"
import * as PostgresReadModel from "../queries/PostgresReadModel.ts"
import { postgresReadiness } from "./service/readiness.ts"
import { runMain } from "./service/service.ts"
import { untraced } from "./service/untraced.ts"
import { announce } from "./standalone/announce.ts"
import { http } from "./standalone/http.ts"
import { storage } from "./standalone/storage.ts"

// Tokens: signed here, and verified as a real issuer's are.
const identity = Layer.unwrap(
  Effect.map(
    DevelopmentTokens,
    ({ keys }) => TokenVerifier.layer({ issuer: developmentIssuer, audience: developmentAudience, keys })
  )
).pipe(
  Layer.provideMerge(Layer.unwrap(
    Effect.map(DataDirectory, ({ keys }) => DevelopmentTokens.layer(Option.getOrNull(keys)))
  ))
)

// Commands that are decided later: run as soon as they are accepted. Nobody else runs them, so those that an earlier process
// left behind are run at once.
const putOff = Layer.mergeAll(
  Layer.unwrap(Effect.map(InboxWorker, ({ wake }) => CommandAcceptance.layer({ accepted: wake }))),
  InboxSweeper.layer({ olderThanAtStart: 0 })
).pipe(Layer.provide(InboxWorker.layer), Layer.provide(InboxHandler.layer))

// commands -> event log -> projector -> read model -> cache -> queries, all on one embedded database.
const services = (settings: StandaloneSettings) => {
  const log = PostgresEventStore.layer()
  const cache = MemoryQueryCache.layer({ maxBytes: settings.cacheBytes })
  const readModel = PostgresReadModel.layer
  const waiter = PositionWaiter.layer(settings)

  const writing = CommandHandler.layer.pipe(Layer.provide(log))
  const later = putOff.pipe(Layer.provideMerge(PostgresCommandInbox.layer), Layer.provide(log))
  const reading = Layer.merge(CommentQueries.layer, waiter).pipe(Layer.provide([readModel, cache]))
  const projecting = Layer.unwrap(
    Effect.map(PositionWaiter, ({ positionsChanged }) => TailProjection.layer({ positionsChanged }))
  ).pipe(Layer.provide(Projector.layer), Layer.provide([log, cache, reading]))

  return Layer.mergeAll(writing, later, reading, projecting, cache, LogMetrics.layer, EmbeddedMaintenance.layer)
}

/** The standalone program: both services, the projector between them and all that they need, in one process. */
export const standalone = (settings: StandaloneSettings) =>
  http(settings).pipe(
    Layer.provide(Layer.succeed(ClientAddressHeader, settings.clientAddressHeader)),
    Layer.provide(Layer.succeed(AnswerHeaders, browserHeaders(settings))),
    Layer.provide([services(settings), identity, MemoryRateLimits.layer(settings.rateLimits), postgresReadiness]),
    Layer.provideMerge([storage, Draining.layer]),
    Layer.provide([DataDirectory.layer(settings.dataDirectory), SecureRandom.layerWebCrypto]),
    Layer.provide([NodeServices.layer, Logging.layer(settings), untraced])
  )

const program = Effect.gen(function*() {
  const settings = yield* readStandaloneSettings
  const running = yield* Layer.build(standalone(settings))
  yield* Effect.provideContext(announce(settings), running)
  // Serves until it is told to end, or until its database ends by itself.
  yield* Effect.addFinalizer(() => Context.get(running, Draining).begin)
  const { died } = Context.get(running, EmbeddedPostgres)
  return yield* died
}).pipe(Effect.scoped)

if (import.meta.main) runMain({ name: "standalone program", settings: readStandaloneSettings, run: program })
