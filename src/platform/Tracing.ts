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

// Who asked, for whose comments and where in them (http.route says all of an address but that), and what an error says: a
// message may quote what a person wrote. The log has that, under the request's id.
const personal: ReadonlySet<string> = new Set([
  "client.address",
  "user_agent.original",
  "url.full",
  "url.path",
  "url.query",
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
 * Chance decides at the first span that is ours, once for all below it. A parent that came with a request gives its ids and no
 * more: whether to export is nothing that a client may say, for anybody is one.
 */
const sampling = (tracer: Tracer.Tracer, random: (typeof Random.Random)["Service"], ratio: number): Tracer.Tracer =>
  Tracer.make({
    span: (options) => {
      const parent = Option.getOrUndefined(options.parent)
      if (parent?._tag === "Span") return tracer.span(options)
      const isChosen = random.nextDoubleUnsafe() < ratio
      // A client's "no" is in `options.sampled` by now, and isn't heard either.
      return tracer.span({ ...options, sampled: isChosen && (parent !== undefined || options.sampled) })
    }
  })

/**
 * Exports spans to a collector by OTLP over HTTP, in batches, every 5 seconds or 512 spans; what is left at the end goes out
 * within 3 seconds. A request's `traceparent` (W3C Trace Context) is the parent of its spans, and says nothing about whether
 * they are exported. A collector that is down costs spans, and nothing else.
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
