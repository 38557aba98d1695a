import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { HttpUrl, setting } from "./settings.ts"

/** Where traces go, and how many. */
export interface TracingSettings {
  /** What spans are sent to, by OTLP over HTTP: `/v1/traces` below it. */
  readonly endpoint: string
  /** The part of all traces that is exported: from 0 to 1. */
  readonly ratio: number
}

const Ratio = Schema.FiniteFromString.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

/**
 * Traces, from `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_TRACES_SAMPLER_ARG`; undefined where they go nowhere.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export const readTracing = Effect.gen(function*() {
  const endpoint = yield* setting(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    (name) => Config.map(Config.schema(HttpUrl, name), Option.some),
    Option.none<string>(),
    "the http or https URL of an OpenTelemetry collector that takes OTLP over HTTP; left out, nothing is traced"
  )
  const ratio = yield* setting(
    "OTEL_TRACES_SAMPLER_ARG",
    (name) => Config.schema(Ratio, name),
    0.1,
    "the part of all traces that is exported, from 0 to 1"
  )
  const settings: TracingSettings | undefined = Option.isSome(endpoint)
    ? { endpoint: endpoint.value, ratio }
    : undefined
  return settings
})
