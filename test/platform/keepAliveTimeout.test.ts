import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Duration, Effect } from "effect"
import { readKeepAliveTimeout } from "../../src/platform/settings.ts"

const read = (time: string) =>
  Effect.provideService(
    readKeepAliveTimeout,
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown({ KEEP_ALIVE_TIMEOUT: time })
  )

describe("How long an idle connection is kept", () => {
  it.effect("is from a second to 10 minutes", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* read("1 second"), Duration.seconds(1))
      assert.deepStrictEqual(yield* read("10 minutes"), Duration.minutes(10))
      for (const wrong of ["999 millis", "601 seconds", "1 hour", "for ever"]) {
        const { message } = yield* Effect.flip(read(wrong))
        assert.strictEqual(
          message,
          "KEEP_ALIVE_TIMEOUT must be a time from 1 seconds to 600 seconds, such as \"65 seconds\"."
        )
      }
    }))
})
