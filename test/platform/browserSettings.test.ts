import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Duration, Effect } from "effect"
import { readBrowsers } from "../../src/platform/browserSettings.ts"

const read = (environment: Readonly<Record<string, string>>) =>
  Effect.provideService(readBrowsers, ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment))

describe("What is said about browsers", () => {
  it.effect("is nothing, where nothing is", () =>
    Effect.gen(function*() {
      const nothing = { corsAllowedOrigins: [], hstsMaxAge: undefined }
      assert.deepStrictEqual(yield* read({}), nothing)
      assert.deepStrictEqual(yield* read({ CORS_ALLOWED_ORIGINS: "", HSTS_MAX_AGE: "" }), nothing)
    }))

  it.effect("are the origins whose pages are welcome, or any", () =>
    Effect.gen(function*() {
      const several = "https://example.org, http://localhost:3000,https://[::1]:8443"
      assert.deepStrictEqual((yield* read({ CORS_ALLOWED_ORIGINS: several })).corsAllowedOrigins, [
        "https://example.org",
        "http://localhost:3000",
        "https://[::1]:8443"
      ])
      assert.strictEqual((yield* read({ CORS_ALLOWED_ORIGINS: " * " })).corsAllowedOrigins, "*")
    }))

  it.effect("are no origins that a browser would never send, nor patterns of them", () =>
    Effect.gen(function*() {
      const wrong = [
        ",",
        "https://example.org,",
        "example.org",
        "https://example.org/",
        "https://example.org/gallery",
        "https://example.org:443",
        "https://Example.org",
        "https://user@example.org",
        "https://*.example.org",
        "*,https://example.org",
        "**",
        "null",
        "file://",
        "https://",
        "https://example.org https://example.com",
        "https://example.org\nx: y"
      ]
      for (const origins of wrong) {
        const { message } = yield* Effect.flip(read({ CORS_ALLOWED_ORIGINS: origins }))
        assert.strictEqual(
          message,
          "CORS_ALLOWED_ORIGINS must be origins separated by commas, each as browsers send it, such as " +
            "https://example.org or http://localhost:3000; or * alone, for any.",
          origins
        )
      }
    }))

  it.effect("is for how long they come by TLS only", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* read({ HSTS_MAX_AGE: "365 days" })).hstsMaxAge, Duration.days(365))
      for (const wrong of ["733 days", "-1 seconds", "for ever", "Infinity"]) {
        const { message } = yield* Effect.flip(read({ HSTS_MAX_AGE: wrong }))
        assert.match(message, /^HSTS_MAX_AGE must be a time up to 732 days, such as "365 days", .*\.$/)
      }
    }))
})
