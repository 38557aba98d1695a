import { Effect, Schema } from "effect"
import { text } from "node:stream/consumers"
import { serve } from "./serve.ts"

const Attribute = Schema.Struct({
  key: Schema.String,
  value: Schema.Struct({ stringValue: Schema.optionalKey(Schema.String) })
})

const Span = Schema.Struct({
  traceId: Schema.String,
  spanId: Schema.String,
  parentSpanId: Schema.optionalKey(Schema.String),
  name: Schema.String,
  kind: Schema.Int,
  attributes: Schema.Array(Attribute),
  events: Schema.Array(Schema.Struct({ name: Schema.String, attributes: Schema.Array(Attribute) })),
  status: Schema.Struct({ code: Schema.Int, message: Schema.optionalKey(Schema.String) })
})
export type ReceivedSpan = typeof Span.Type & { readonly service: string }

// https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
const Request = Schema.fromJsonString(Schema.Struct({
  resourceSpans: Schema.Array(Schema.Struct({
    resource: Schema.Struct({ attributes: Schema.Array(Attribute) }),
    scopeSpans: Schema.Array(Schema.Struct({ spans: Schema.Array(Span) }))
  }))
}))
const decodeRequest = Schema.decodeUnknownSync(Request)

const spansIn = (body: string): ReadonlyArray<ReceivedSpan> =>
  decodeRequest(body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "unknown"
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })))
  })

/** Something that takes traces by OTLP over HTTP, as JSON. Gives its URL, and what it has been sent. */
export const otlpReceiver = Effect.gen(function*() {
  let received: Array<ReadonlyArray<ReceivedSpan>> = []
  const { url } = yield* serve((request, response) => {
    void text(request).then((body) => {
      const known = request.method === "POST" && request.url === "/v1/traces"
      if (known) received.push(spansIn(body))
      response.writeHead(known ? 200 : 404, { "content-type": "application/json" }).end("{}")
    })
  })
  return {
    url,
    /** What has come since it was last taken, batch by batch. */
    batches: Effect.sync(() => {
      const taken = received
      received = []
      return taken
    })
  }
})
