import * as NodeServices from "@effect/platform-node/NodeServices"
import { Context, Duration, Effect, Layer, Logger, References } from "effect"
import { SecureRandom } from "effect/crypto"
import { HttpServer } from "effect/http"
import { ClientAddressHeader } from "../../src/api/handlers/clientAddress.ts"
import { Readiness } from "../../src/api/handlers/operations.ts"
import { CommandAcceptance } from "../../src/commands/CommandAcceptance.ts"
import { CommandHandler } from "../../src/commands/CommandHandler.ts"
import { CommandInbox } from "../../src/commands/CommandInbox.ts"
import { developmentAudience, developmentIssuer, DevelopmentTokens } from "../../src/platform/DevelopmentTokens.ts"
import { Draining } from "../../src/platform/Draining.ts"
import * as MemoryRateLimits from "../../src/platform/MemoryRateLimits.ts"
import type { RateLimitSettings } from "../../src/platform/rateLimitSettings.ts"
import { TokenVerifier } from "../../src/platform/TokenVerifier.ts"
import { http } from "../../src/programs/standalone/http.ts"
import { CommentQueries } from "../../src/queries/CommentQueries.ts"
import * as MemoryQueryCache from "../../src/queries/MemoryQueryCache.ts"
import { PositionWaiter } from "../../src/queries/PositionWaiter.ts"
import { ReadModel } from "../../src/queries/ReadModel.ts"
import { Target } from "./Target.ts"

/** What may be wrong behind the HTTP of `brittleTarget`. Tests set it, one after the other. */
export class Faults extends Context.Service<Faults, {
  /** What becomes of every command. */
  command: ReturnType<CommandHandler["Service"]["handle"]>
  /** What accepts commands that are decided later. */
  inbox: Pick<CommandInbox["Service"], "accept" | "find">
  /** What every look at the read model finds. */
  readModel: ReadModel["Service"]
  /** What a check of readiness finds. */
  ready: Effect.Effect<boolean>
  /** What comes of verifying a token, unless it is verified as usual. */
  verification: ReturnType<TokenVerifier["Service"]["verify"]> | undefined
  /** Whether that waits for the issuer's keys. */
  awaitsKeys: boolean
  /** A token for whatever subject, be it one that nobody would give out. */
  readonly sign: (subject: string) => Effect.Effect<string>
  /** What was logged, entry by entry. */
  readonly log: Array<string>
}>()("test/http/Faults") {}

const nothing: ReadModel["Service"] = {
  page: () => Effect.succeed({ comments: [], more: false, count: 0 }),
  comment: () => Effect.succeed({ _tag: "NeverExisted" }),
  history: () => Effect.undefined,
  counts: (pictures) => Effect.succeed(pictures.map((pictureId) => ({ pictureId, count: 0 }))),
  positions: () => Effect.succeed([])
}

const tokens = DevelopmentTokens.layer(null)

const faults = Layer.effect(
  Faults,
  Effect.map(DevelopmentTokens, ({ sign }) =>
    Faults.of({
      command: Effect.die("no command was expected"),
      inbox: {
        accept: () => Effect.die("no command was expected"),
        find: () => Effect.die("nobody was expected to look")
      },
      readModel: nothing,
      ready: Effect.succeed(true),
      verification: undefined,
      awaitsKeys: false,
      sign: (subject) => sign(subject, "comments:write"),
      log: []
    }))
).pipe(Layer.provide(tokens))

const commands = Layer.effect(
  CommandHandler,
  Effect.map(Faults, (faults) => CommandHandler.of({ handle: () => Effect.suspend(() => faults.command) }))
)

const inbox = Layer.effect(
  CommandInbox,
  Effect.map(Faults, (faults) =>
    CommandInbox.of({
      accept: (entry) => Effect.suspend(() => faults.inbox.accept(entry)),
      find: (id) => Effect.suspend(() => faults.inbox.find(id)),
      settle: () => Effect.die("nothing settles here"),
      appendAndSettle: () => Effect.die("nothing appends here"),
      stale: () => Effect.die("nothing sweeps here")
    }))
)
const acceptance = Layer.provideMerge(CommandAcceptance.layer(), inbox)

const readModel = Layer.effect(
  ReadModel,
  Effect.map(Faults, (faults) =>
    ReadModel.of({
      page: (request) => Effect.suspend(() => faults.readModel.page(request)),
      comment: (id) => Effect.suspend(() => faults.readModel.comment(id)),
      history: (id) => Effect.suspend(() => faults.readModel.history(id)),
      counts: (pictures) => Effect.suspend(() => faults.readModel.counts(pictures)),
      positions: (streams) => Effect.suspend(() => faults.readModel.positions(streams))
    }))
)

const readiness = Layer.effect(
  Readiness,
  Effect.map(Faults, (faults) => Readiness.of({ checks: { postgres: Effect.suspend(() => faults.ready) } }))
)

const verifier = Layer.effect(
  TokenVerifier,
  Effect.gen(function*() {
    const faults = yield* Faults
    const { keys } = yield* DevelopmentTokens
    const usual = Context.get(
      yield* Layer.build(TokenVerifier.layer({ issuer: developmentIssuer, audience: developmentAudience, keys })),
      TokenVerifier
    )
    return TokenVerifier.of({
      ...usual,
      awaitsKeys: (token) => faults.awaitsKeys || usual.awaitsKeys(token),
      verify: (token) => Effect.suspend(() => faults.verification ?? usual.verify(token))
    })
  })
).pipe(Layer.provideMerge(tokens))

const logging = Layer.unwrap(
  Effect.map(Faults, ({ log }) =>
    Layer.merge(
      Logger.layer([Logger.make((options) => {
        log.push(Logger.formatJson.log(options))
      })]),
      Layer.succeed(References.MinimumLogLevel, "Debug")
    ))
)

const cache = MemoryQueryCache.layer()

/**
 * How many may wait for their consistency tokens, what is believed about where they come from, and how much each may ask
 * for: as much as they like, if left out.
 */
interface Waiting {
  readonly maxWaiters: number
  readonly maxWaitersPerCaller?: number
  readonly clientAddressHeader?: string
  readonly rateLimits?: RateLimitSettings
}

const queriesFor = (waiting: Waiting) =>
  Layer.merge(CommentQueries.layer, PositionWaiter.layer(waiting)).pipe(Layer.provide([readModel, cache]))

const target = Layer.effect(
  Target,
  Effect.gen(function*() {
    const { address } = yield* HttpServer.HttpServer
    const { sign } = yield* DevelopmentTokens
    return { url: `http://127.0.0.1:${address._tag === "UnixPathAddress" ? 0 : address.port}`, token: sign }
  })
)

/** All of the HTTP, on a free port, with nothing behind it but what `Faults` says. */
export const brittle = (waiting: Waiting) =>
  target.pipe(
    Layer.provide(http({ host: "127.0.0.1", port: 0, shutdownTimeout: Duration.seconds(1) })),
    Layer.provide(Layer.succeed(ClientAddressHeader, waiting.clientAddressHeader ?? null)),
    Layer.provide([
      commands,
      acceptance,
      queriesFor(waiting),
      cache,
      readiness,
      verifier,
      MemoryRateLimits.layer(waiting.rateLimits ?? { commands: null, queries: null }),
      Draining.layer,
      SecureRandom.layerWebCrypto
    ]),
    Layer.provide(logging),
    Layer.provideMerge(faults),
    Layer.provide(NodeServices.layer)
  )

/** The same, where one may wait for a consistency token. */
export const brittleTarget = brittle({ maxWaiters: 1 })
