import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { inject } from "vitest"
import { assertProblem, assertStatus } from "../http/assertAnswer.ts"
import { bearer, commentOf, newPicture, post, unknownId } from "../http/comments.ts"
import { jsonOf } from "../http/exchange.ts"
import { newUser } from "../http/people.ts"
import { get, pageUrl } from "../http/queries.ts"
import { connect, repliesIn } from "../http/rawConnection.ts"
import { Target } from "../http/Target.ts"
import { uselessKeys } from "../support/uselessKeys.ts"
import { patience } from "./program.ts"
import { refusesConnections } from "./refusesConnections.ts"
import { believesNoUselessKey, isManagement, knowsBothContracts } from "./serviceAnswers.ts"
import { makeIssuer, makeIssuerBeside, makeTables, startService, untilReady } from "./services.ts"

const engines = inject("engines").dynoxide ? ["dynoxide"] : []

describe.each(engines)("The command service on %s", () => {
  it.live(
    "serves clients on one port and operators on another, and knows what is served elsewhere",
    () =>
      Effect.gen(function*() {
        const tables = yield* makeTables
        const service = yield* startService("command-service", yield* makeIssuerBeside(yield* uselessKeys), {
          ...tables.settings,
          KEEP_ALIVE_TIMEOUT: "90 seconds"
        })
        assert.match(
          service.line,
          /^The command service listens on http:\/\/127\.0\.0\.1:\d+, its management on \S+\.\n$/
        )
        yield* Effect.provideService(knowsBothContracts("command"), Target, service.target)
        yield* Effect.provideService(believesNoUselessKey("DELETE", `/comments/${unknownId()}`), Target, service.target)
        yield* Effect.provideService(isManagement, Target, service.management)
        const posted = yield* Effect.provideService(post(newPicture(), "ana", "text"), Target, service.target)
        assert.deepInclude(commentOf(assertStatus(posted, 201)), { authorId: "ana", version: 1 })
        assert.strictEqual(posted.headers["keep-alive"], "timeout=90")
      }),
    patience
  )

  it.live(
    "starts without DynamoDB, says that it isn't ready, and is once DynamoDB is there",
    () =>
      Effect.gen(function*() {
        const tables = yield* makeTables
        yield* tables.cut
        const { management, target } = yield* startService("command-service", yield* makeIssuer, tables.settings)
        const unready = yield* untilReady(management, false)
        assert.deepStrictEqual(jsonOf(unready), { checks: { dynamodb: "down" } })
        assertStatus(yield* Effect.provideService(get("/health/live"), Target, management), 200)
        const refused = yield* Effect.provideService(post(newPicture(), "ana", "text"), Target, target)
        assertProblem(refused, 503, "service-unavailable")
        assert.isDefined(refused.headers["retry-after"])
        yield* tables.mend
        assert.deepStrictEqual(jsonOf(yield* untilReady(management, true)), { checks: { dynamodb: "up" } })
        yield* tables.hush
        yield* untilReady(management, false)
      }),
    patience
  )

  it.live(
    "starts without the issuer of its tokens, whose keys it asks for when a token comes",
    () =>
      Effect.gen(function*() {
        const [tables, issuer] = [yield* makeTables, yield* makeIssuer]
        yield* issuer.cut
        const { management, target } = yield* startService("command-service", issuer, tables.settings)
        yield* untilReady(management, true)
        const attempt = Effect.provideService(post(newPicture(), "ana", "text"), Target, target)
        assertProblem(yield* attempt, 503, "service-unavailable")
        yield* issuer.mend
        const untilServed = Effect.repeat(attempt, {
          schedule: Schedule.spaced("20 millis"),
          until: ({ status }) => status !== 503
        })
        assertStatus(yield* untilServed, 201)
      }),
    patience
  )

  it.live(
    "finishes what is in flight when it is told to end, takes nothing new, and ends with 0",
    () =>
      Effect.gen(function*() {
        const tables = yield* makeTables
        const { ended, kill, management, target } = yield* startService(
          "command-service",
          yield* makeIssuer,
          tables.settings
        )
        yield* Effect.gen(function*() {
          const { authorization } = yield* bearer(newUser())
          const { until, write } = yield* connect
          yield* write(
            `POST ${pageUrl(newPicture())} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n` +
              "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"text\""
          )
          assertStatus(yield* get("/no/such/address"), 404)
          yield* kill("SIGTERM")
          yield* refusesConnections
          // Operators can still see how it is.
          assertStatus(yield* Effect.provideService(get("/health/live"), Target, management), 200)
          yield* write(":\"late\"}")
          const [created] = repliesIn(yield* until((received) => repliesIn(received).length > 0))
          assert(created !== undefined)
          assert.strictEqual(commentOf(assertStatus(created, 201)).text, "late")
          assert.strictEqual(created.headers["connection"], "close")
        }).pipe(Effect.provideService(Target, target))
        assert.deepInclude(yield* ended, { code: 0, signal: null, stderr: "" })
      }),
    patience
  )
})
