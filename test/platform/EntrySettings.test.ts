import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { readEntrySettings } from "../../src/platform/EntrySettings.ts"

const needed = {
  COMMAND_SERVICE_URL: "http://commands:8080",
  QUERY_SERVICE_URL: "https://queries.internal/",
  READINESS_URLS: "http://commands:9080/health/ready, https://queries.internal/ready"
}

const read = (more: Readonly<Record<string, string>>) =>
  Effect.provideService(
    readEntrySettings,
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown({ ...needed, ...more })
  )

describe("The settings of containers' entry point", () => {
  it.effect("say where the services are, and where they all say whether they are ready", () =>
    Effect.gen(function*() {
      const { commands, queries, readiness } = yield* read({})
      assert.deepStrictEqual([commands.href, queries.href], ["http://commands:8080/", "https://queries.internal/"])
      assert.deepStrictEqual(readiness.map(({ href }) => href), [
        "http://commands:9080/health/ready",
        "https://queries.internal/ready"
      ])
    }))

  it.effect.each(
    [
      ["COMMAND_SERVICE_URL", "commands:8080"],
      ["QUERY_SERVICE_URL", "http://"],
      ["QUERY_SERVICE_URL", "nowhere"],
      ["READINESS_URLS", "http://commands:9080/health/ready,ftp://queries/"],
      ["READINESS_URLS", "http://commands:9080/health/ready,"]
    ] as const
  )("are refused by a sentence that names them: %s=%s", ([variable, value]) =>
    Effect.gen(function*() {
      const refused = yield* Effect.flip(read({ [variable]: value }))
      assert.strictEqual(refused.variable, variable)
      assert.match(refused.message, new RegExp(`^${variable} must be `))
    }))
})
