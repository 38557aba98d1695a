import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Tracer from "effect/Tracer"
import type { TracingSettings } from "./tracingSettings.ts"

// Who asked, and what an error says: a message may quote what a person wrote. The log has it, under the request's id.
const personal: ReadonlySet<string> = new Set([
  "client.address",
  "user_agent.original",
  "exception.message",
  "exception.stacktrace"
])

const isImpersonal = ({ key }: { readonly key: string }): boolean => !personal.has(key)

type Span = OtlpTracer.ScopeSpan["spans"][number]

const impersonalSpan = (span: Span): Span => ({
  ...span,
  attributes: span.attributes.filter(isImpersonal),
  events: span.events.map((event) => ({ ...event, attributes: event.attributes.filter(isImpersonal) })),
  status: { code: span.status.code }
})

const impersonal = (data: OtlpTracer.TraceData): OtlpTracer.TraceData => ({
  resourceSpans: data.resourceSpans.map((resource) => ({
    ...resource,
    scopeSpans: resource.scopeSpans.map((scope) => ({ ...scope, spans: scope.spans.map(impersonalSpan) }))
  }))
})

const serialization = Layer.effect(
  OtlpSerialization.OtlpSerialization,
  Effect.map(OtlpSerialization.OtlpSerialization, (json) => ({
    ...json,
    traces: (data: OtlpTracer.TraceData) => json.traces(impersonal(data))
  }))
).pipe(Layer.provide(OtlpSerialization.layerJson))

/**
 * The sampler that OpenTelemetry calls `parentbased_traceidratio`: whoever began a trace has decided; where it begins here,
 * chance does, once for all of it.
 */
const sampling = (tracer: Tracer.Tracer, random: (typeof Random.Random)["Service"], ratio: number): Tracer.Tracer =>
  Tracer.make({
    span: (options) => {
      const isChosen = Option.isSome(options.parent) || random.nextDoubleUnsafe() < ratio
      return tracer.span(isChosen ? options : { ...options, sampled: false })
    }
  })

/**
 * Exports spans to a collector by OTLP over HTTP, in batches, every 5 seconds or 512 spans; what is left at the end goes out
 * within 3 seconds. A request's `traceparent` (W3C Trace Context) is the parent of its spans. A collector that is down costs
 * spans, and nothing else.
 */
export const layer = (service: string, { endpoint, ratio }: TracingSettings): Layer.Layer<never> =>
  Layer.effect(
    Tracer.Tracer,
    Effect.gen(function*() {
      const tracer = yield* OtlpTracer.make({
        url: `${endpoint.replace(/\/+$/, "")}/v1/traces`,
        resource: { serviceName: service },
        exportInterval: "5 seconds",
        maxBatchSize: 512,
        shutdownTimeout: "3 seconds"
      })
      return sampling(tracer, yield* Random.Random, ratio)
    })
  ).pipe(Layer.provide([OtlpExporter.layerFlusher, serialization, FetchHttpClient.layer]))
