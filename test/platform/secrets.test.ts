import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { vi } from "vitest"
import { readCredentials } from "../../src/platform/secrets.ts"
import { serve } from "../support/serve.ts"

describe("Reading a secret", () => {
  it.effect("is given up after six seconds, whatever the SDK has patience for", () =>
    Effect.gen(function*() {
      const asked = yield* Deferred.make<void>()
      const { url } = yield* serve(() => Deferred.doneUnsafe(asked, Effect.void))
      yield* Effect.acquireRelease(
        Effect.sync(() => vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", url).stubEnv("AWS_REGION", "eu-central-1")),
        () => Effect.sync(() => vi.unstubAllEnvs())
      )
      const reading = yield* Effect.forkChild(Effect.flip(readCredentials("SECRET", "arn")))
      yield* Deferred.await(asked)
      yield* TestClock.adjust("6 seconds")
      const { message } = yield* Fiber.join(reading)
      assert.strictEqual(
        message,
        "The secret arn, which SECRET names, can't be read: nobody answers within 6 seconds."
      )
    }))
})
