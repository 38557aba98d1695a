import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { HttpServerRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { spend } from "../../../src/api/handlers/rateLimiting.ts"
import * as MemoryRateLimits from "../../../src/platform/MemoryRateLimits.ts"
import { RateLimits } from "../../../src/platform/RateLimits.ts"

// One comes back each second and a half.
const limits = MemoryRateLimits.layer({ commands: { burst: 2, window: Duration.seconds(3) }, queries: null })

describe("Who is refused for a second and a part of one", () => {
  it.effect("is told the next whole second, and is let in then", () =>
    Effect.gen(function*() {
      const ask = spend(yield* RateLimits, "commands", "somebody")
      yield* ask
      yield* ask
      const { headers } = yield* Effect.flip(ask)
      assert.strictEqual(headers["retry-after"], "2")
      yield* TestClock.adjust(Duration.seconds(Number(headers["retry-after"])))
      yield* ask
      yield* Effect.flip(ask)
    }).pipe(
      Effect.provideService(
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromWeb(new Request("http://localhost/"))
      ),
      Effect.provide(limits)
    ))
})
