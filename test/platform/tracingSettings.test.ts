import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { readTracing } from "../../src/platform/tracingSettings.ts"

const readFrom = (environment: Readonly<Record<string, string>>) =>
  Effect.provideService(readTracing, ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment))

const endpoint = "http://127.0.0.1:4318"

describe("The settings of traces", () => {
  it.effect("trace nothing where nothing is said, and a tenth where only the collector is named", () =>
    Effect.gen(function*() {
      assert.isUndefined(yield* readFrom({}))
      assert.isUndefined(yield* readFrom({ OTEL_TRACES_SAMPLER_ARG: "1" }))
      assert.deepStrictEqual(yield* readFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), { endpoint, ratio: 0.1 })
      assert.deepStrictEqual(
        yield* readFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: "0.25" }),
        { endpoint, ratio: 0.25 }
      )
    }))

  it.effect.each(
    [
      ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"],
      ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://"],
      ["OTEL_TRACES_SAMPLER_ARG", "2"],
      ["OTEL_TRACES_SAMPLER_ARG", "-0.1"],
      ["OTEL_TRACES_SAMPLER_ARG", "half"],
      ["OTEL_TRACES_SAMPLER_ARG", "NaN"]
    ] as const
  )("are refused by a sentence that names them: %s=%s", ([variable, value]) =>
    Effect.gen(function*() {
      const refused = yield* Effect.flip(readFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, [variable]: value }))
      assert.strictEqual(refused.variable, variable)
      assert.match(refused.message, new RegExp(`^${variable} must be `))
    }))
})
