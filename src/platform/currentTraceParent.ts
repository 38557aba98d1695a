import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

/**
 * The span that is open here, as a `traceparent` (W3C Trace Context) for what is caused here; null where nothing of it is
 * exported.
 */
export const currentTraceParent: Effect.Effect<string | null> = Effect.map(
  Effect.context<never>(),
  (context) => {
    const span = Context.getOrUndefined(context, Tracer.ParentSpan)
    return span === undefined || !span.sampled ? null : `00-${span.traceId.padStart(32, "0")}-${span.spanId}-01`
  }
)
