import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { inject } from "vitest"
import { describePostgres } from "../engines/databases.ts"
import { describeRedis, sharedRedis } from "../engines/redis.ts"
import { assertStatus } from "../http/assertAnswer.ts"
import { newPicture, post } from "../http/comments.ts"
import { get, pageOf, pageUrl } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { serve } from "../support/serve.ts"
import { builtService } from "./builtService.ts"
import { patience } from "./program.ts"
import { givesOutNoTokens } from "./serviceAnswers.ts"
import { makeIssuer, makeReadModel, makeTables, startService, untilReady } from "./services.ts"

// Everything may be read, nothing written, and no other process started: a read-only root without volumes allows no more.
// https://nodejs.org/docs/latest-v24.x/api/permissions.html
const readOnly = { NODE_OPTIONS: "--permission --allow-fs-read=*", NODE_DISABLE_COMPILE_CACHE: "1" }

/**
 * Where a task on Fargate gets the credentials of its role, and how often they were asked for.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
const makeTaskCredentials = Effect.gen(function*() {
  let asked = 0
  const { url } = yield* serve((_request, response) => {
    asked++
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify({
      AccessKeyId: "task",
      SecretAccessKey: "of the task",
      Token: "for a while",
      Expiration: "2100-01-01T00:00:00Z"
    }))
  })
  return {
    asked: Effect.sync(() => asked),
    settings: {
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/role`
    }
  }
})

describePostgres("The container image, without a file that may be written,", () => {
  for (const engine of inject("engines").dynoxide ? ["dynoxide"] : []) {
    it.live(`runs the command service on ${engine}, with the credentials of its task`, () =>
      Effect.gen(function*() {
        const tables = yield* makeTables
        const credentials = yield* makeTaskCredentials
        const { ended, kill, target } = yield* startService(
          "command-service",
          yield* makeIssuer,
          // Without Redis nobody is limited, and the service says so.
          { ...tables.settings, ...credentials.settings, ...readOnly, RATE_LIMIT_COMMANDS: "off" },
          yield* builtService("command-service")
        )
        const posted = yield* Effect.provideService(post(newPicture(), "ana", "text"), Target, target)
        assertStatus(posted, 201)
        yield* Effect.provideService(givesOutNoTokens, Target, target)
        assert.isAbove(yield* credentials.asked, 0)
        yield* kill("SIGTERM")
        assert.deepInclude(yield* ended, { code: 0, signal: null, stderr: "" })
      }), patience)
  }

  describeRedis("runs the query service", () => {
    it.live("to its end", () =>
      Effect.gen(function*() {
        const readModel = yield* makeReadModel
        const { ended, kill, management, target } = yield* startService(
          "query-service",
          yield* makeIssuer,
          { ...readModel.settings, REDIS_URL: yield* sharedRedis, ...readOnly },
          yield* builtService("query-service")
        )
        yield* untilReady(management, true)
        const page = yield* Effect.provideService(get(pageUrl(newPicture())), Target, target)
        assert.strictEqual(pageOf(page).count, 0)
        yield* Effect.provideService(givesOutNoTokens, Target, target)
        yield* kill("SIGTERM")
        assert.deepInclude(yield* ended, { code: 0, signal: null, stderr: "" })
      }), patience)
  })
})
