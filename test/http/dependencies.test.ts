import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { HttpServer } from "effect/http"
import { encodeConsistencyToken } from "../../src/api/ConsistencyToken.ts"
import { Readiness } from "../../src/api/handlers/operations.ts"
import { CommandContended } from "../../src/commands/Answer.ts"
import { CommandHandler } from "../../src/commands/CommandHandler.ts"
import { AuthorId, CommentId, PictureId, Version } from "../../src/domain/ids.ts"
import { CommitUndecodable, EventStoreUnavailable } from "../../src/events/EventStore.ts"
import { developmentAudience, developmentIssuer, DevelopmentTokens } from "../../src/platform/DevelopmentTokens.ts"
import { Draining } from "../../src/platform/Draining.ts"
import * as Logging from "../../src/platform/Logging.ts"
import { TokenVerifier } from "../../src/platform/TokenVerifier.ts"
import { http } from "../../src/programs/standalone/http.ts"
import { CommentQueries } from "../../src/queries/CommentQueries.ts"
import * as MemoryQueryCache from "../../src/queries/MemoryQueryCache.ts"
import { ProjectionParked } from "../../src/queries/positionRequirement.ts"
import { PositionWaiter, TooManyWaiters } from "../../src/queries/PositionWaiter.ts"
import { EntryKey, QueryCache } from "../../src/queries/QueryCache.ts"
import { ReadModel, ReadModelUnavailable } from "../../src/queries/ReadModel.ts"
import { assertProblem, assertStatus } from "./assertAnswer.ts"
import { newPicture, newUser, post, tokenOf } from "./comments.ts"
import { developmentTokens } from "./developmentTokens.ts"
import { get, pageUrl } from "./queries.ts"
import { Target } from "./Target.ts"

const standing = (commentId: CommentId) => ({
  commentId,
  version: 7,
  pictureId: PictureId.make("p"),
  authorId: AuthorId.make("ana")
})

// Which fault a command meets is what its text says.
const faultyCommands = Layer.mock(CommandHandler, {
  handle: (command) => {
    const fault = command._tag === "PostComment" ? command.text : "none"
    const cause = new Error("SELECT secret FROM commits at /srv/store.ts:1:1")
    if (fault === "refused") {
      return Effect.fail(new EventStoreUnavailable({ operation: "append", outcome: "nothing", cause }))
    }
    if (fault === "unheard") {
      return Effect.fail(new EventStoreUnavailable({ operation: "append", outcome: "unknown", cause }))
    }
    if (fault === "contended") return Effect.fail(new CommandContended({ standing: standing(command.commentId) }))
    if (fault === "newer") {
      return Effect.fail(
        new CommitUndecodable({ stream: command.commentId, version: Version.make(1), reason: "schema 9" })
      )
    }
    return Effect.die(cause)
  }
})

const down = Effect.fail(new ReadModelUnavailable({ cause: new Error("connect ECONNREFUSED 10.0.0.1:5432") }))
const deadReadModel = Layer.mock(ReadModel, {
  page: () => down,
  comment: () => down,
  history: () => down,
  counts: () => down,
  positions: () => down
})

const parked = CommentId.make("0199a8f0-1c2d-7e3f-8a4b-000000000001")
const crowded = CommentId.make("0199a8f0-1c2d-7e3f-8a4b-000000000002")
const faultyWaiter = Layer.mock(PositionWaiter, {
  await: ([requirement]) => {
    if (requirement?.stream === parked) return Effect.fail(new ProjectionParked({ stream: parked }))
    if (requirement?.stream === crowded) return Effect.fail(new TooManyWaiters({ limit: 1 }))
    return down
  }
})

const cache = MemoryQueryCache.layer()
const identity = Layer.unwrap(
  Effect.map(
    DevelopmentTokens,
    ({ keys }) => TokenVerifier.layer({ issuer: developmentIssuer, audience: developmentAudience, keys })
  )
).pipe(Layer.provideMerge(DevelopmentTokens.layer(null)))

const target = Layer.effect(
  Target,
  Effect.gen(function*() {
    const { address } = yield* HttpServer.HttpServer
    const url = `http://127.0.0.1:${address._tag === "UnixPathAddress" ? 0 : address.port}`
    return { url, token: yield* developmentTokens(url) }
  })
).pipe(
  Layer.provide(http({ host: "127.0.0.1", port: 0, shutdownTimeout: Duration.seconds(1) })),
  Layer.provide([
    faultyCommands,
    faultyWaiter,
    CommentQueries.layer.pipe(Layer.provide([deadReadModel, cache])),
    Layer.succeed(Readiness, { checks: { postgres: Effect.succeed(false), log: Effect.succeed(true) } }),
    identity,
    Draining.layer,
    SecureRandom.layerWebCrypto
  ]),
  Layer.provideMerge(cache),
  Layer.provide([NodeServices.layer, Logging.layer({ logLevel: "None", logFormat: "json" })])
)

layer(target, { excludeTestServices: true })("While what it needs is down, the program", (it) => {
  it.effect("answers a command that certainly wasn't done with 503, and when to come back", () =>
    Effect.gen(function*() {
      for (const fault of ["refused", "newer"]) {
        const reply = yield* post(newPicture(), newUser(), fault)
        assert.match(assertProblem(reply, 503, "service-unavailable").detail, /^Nothing was decided/)
        assert.strictEqual(reply.headers["retry-after"], "1")
      }
    }))

  it.effect("doesn't claim to know the outcome of a command that may have been done", () =>
    Effect.gen(function*() {
      const reply = yield* post(newPicture(), newUser(), "unheard")
      assert.match(assertProblem(reply, 503, "service-unavailable").detail, /^It isn't known/)
      assert.strictEqual(reply.headers["retry-after"], "1")
    }))

  it.effect("answers a command that others kept from being decided with 409, a token, and when to come back", () =>
    Effect.gen(function*() {
      const reply = yield* post(newPicture(), newUser(), "contended")
      assertProblem(reply, 409, "too-much-contention")
      assert.strictEqual(reply.headers["retry-after"], "1")
      assert.strictEqual(tokenOf(reply).length, 39)
    }))

  it.effect("answers what nobody foresaw with 500, and tells nothing of it", () =>
    Effect.gen(function*() {
      assertProblem(yield* post(newPicture(), newUser(), "a defect"), 500, "internal-error")
    }))

  it.effect("answers queries with 503, and goes on to answer those that are cached", () =>
    Effect.gen(function*() {
      const picture = PictureId.make(newPicture())
      const paths = [
        pageUrl(picture),
        `/pictures/${picture}/comments/count`,
        `/comment-counts?pictureId=${picture}`,
        "/users/ana/comments",
        `/comments/${parked}`
      ]
      for (const path of paths) {
        const reply = yield* get(path)
        assertProblem(reply, 503, "service-unavailable")
        assert.strictEqual(reply.headers["retry-after"], "1")
      }
      const { put, read } = yield* QueryCache
      const key = EntryKey.make("newest 20")
      const { generation } = yield* read(picture, key)
      yield* put(picture, generation, key, { body: new TextEncoder().encode("{}"), etag: "\"e\"", nextCursor: null })
      assertStatus(yield* get(pageUrl(picture)), 200)
    }))

  it.effect("says at once that a comment can't be brought up to date, or that too many wait", () =>
    Effect.gen(function*() {
      const after = (stream: CommentId) => ({ "consistency-token": encodeConsistencyToken(standing(stream)) })
      assertProblem(yield* get(`/comments/${parked}`, after(parked)), 503, "projection-parked")
      const reply = yield* get(`/comments/${crowded}`, after(crowded))
      assertProblem(reply, 503, "read-model-behind")
      assert.strictEqual(reply.headers["retry-after"], "1")
      const other = CommentId.make("0199a8f0-1c2d-7e3f-8a4b-000000000003")
      assertProblem(yield* get(`/comments/${other}`, after(other)), 503, "service-unavailable")
    }))

  it.effect("isn't ready, says what is missing, and is alive", () =>
    Effect.gen(function*() {
      const ready = assertStatus(yield* get("/health/ready"), 503)
      assert.deepStrictEqual(JSON.parse(ready.text), { checks: { postgres: "down", log: "up" } })
      assertStatus(yield* get("/health/live"), 200)
    }))
})
