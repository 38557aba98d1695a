import { assert, describe, it } from "@effect/vitest"
import { Effect, Tracer } from "effect"
import { currentTraceParent } from "../../src/platform/currentTraceParent.ts"
import * as Tracing from "../../src/platform/Tracing.ts"
import type { TracingSettings } from "../../src/platform/tracingSettings.ts"
import { tracing } from "../../src/programs/service/tracing.ts"
import { otlpReceiver } from "../support/otlpReceiver.ts"

const trace = "0af7651916cd43dd8448eb211c80319c"
const parentOf = (sampled: boolean) => Tracer.externalSpan({ traceId: trace, spanId: "b7ad6b7169203331", sampled })

/** Runs an effect that is traced, to the end of what traces it. */
const traced = <A, E>(effect: Effect.Effect<A, E>, settings: TracingSettings) =>
  Effect.provide(effect, Tracing.layer("marginalia-test", settings))

describe("Traces", () => {
  it.live("reach a collector by OTLP over HTTP, in one batch at the end, under the program's name", () =>
    Effect.gen(function*() {
      const { batches, url } = yield* otlpReceiver
      yield* traced(
        Effect.void.pipe(Effect.withSpan("inner"), Effect.withSpan("outer", { attributes: { colour: "blue" } })),
        { endpoint: `${url}/`, ratio: 1 }
      )
      const [spans = [], ...others] = yield* batches
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(spans.map(({ name, service }) => [name, service]), [
        ["inner", "marginalia-test"],
        ["outer", "marginalia-test"]
      ])
      const [inner, outer] = spans
      assert.strictEqual(inner?.parentSpanId, outer?.spanId)
      assert.strictEqual(inner?.traceId, outer?.traceId)
      assert.deepStrictEqual(outer?.attributes, [{ key: "colour", value: { stringValue: "blue" } }])
    }))

  it.live("that begin here are exported by chance, and those that somebody else began as he decided", () =>
    Effect.gen(function*() {
      const { batches, url } = yield* otlpReceiver
      yield* traced(
        Effect.void.pipe(
          Effect.withSpan("own"),
          Effect.andThen(
            Effect.void.pipe(Effect.withSpan("child"), Effect.withSpan("wanted", { parent: parentOf(true) }))
          ),
          Effect.andThen(Effect.withSpan(Effect.void, "unwanted", { parent: parentOf(false) }))
        ),
        { endpoint: url, ratio: 0 }
      )
      assert.deepStrictEqual((yield* batches).flat().map(({ name, traceId }) => [name, traceId]), [
        ["child", trace],
        ["wanted", trace]
      ])
      yield* traced(Effect.withSpan(Effect.void, "unwanted", { parent: parentOf(false) }), { endpoint: url, ratio: 1 })
      assert.deepStrictEqual(yield* batches, [])
    }))

  it.live("name nobody, and quote no error: that is in the log", () =>
    Effect.gen(function*() {
      const { batches, url } = yield* otlpReceiver
      yield* traced(
        Effect.ignoreCause(
          Effect.withSpan(Effect.die(new Error("a comment's text")), "failing", {
            attributes: {
              "client.address": "192.0.2.7",
              "user_agent.original": "somebody's",
              "http.route": "/comments"
            }
          })
        ),
        { endpoint: url, ratio: 1 }
      )
      const spans = (yield* batches).flat()
      assert.deepStrictEqual(spans.map(({ status }) => status), [{ code: 2 }])
      assert.deepStrictEqual(
        spans.flatMap(({ events }) => events.flatMap(({ attributes }) => attributes.map(({ key }) => key))),
        ["exception.type"]
      )
      assert.notMatch(JSON.stringify(spans), /comment's text|192\.0\.2\.7|somebody's/)
    }))

  it.live("that nobody takes cost spans, and nothing else", () =>
    Effect.gen(function*() {
      const answer = yield* traced(Effect.withSpan(Effect.succeed(42), "lost"), {
        endpoint: "http://127.0.0.1:1",
        ratio: 1
      })
      assert.strictEqual(answer, 42)
    }))

  it.live("go nowhere, and cost no span, where no collector is named", () =>
    Effect.gen(function*() {
      const span = yield* Effect.provide(
        Effect.withSpan(Effect.currentSpan, "untraced"),
        tracing("marginalia-test", undefined)
      ).pipe(Effect.option)
      assert.isTrue(span._tag === "None" || !span.value.sampled)
      assert.strictEqual(
        yield* Effect.provide(Effect.withSpan(currentTraceParent, "untraced"), tracing("marginalia-test", undefined)),
        null
      )
    }))

  it.live("are handed on as a traceparent where they are exported", () =>
    Effect.gen(function*() {
      const { batches, url } = yield* otlpReceiver
      const settings = { endpoint: url, ratio: 0 }
      const handedOn = yield* traced(
        Effect.withSpan(currentTraceParent, "wanted", { parent: parentOf(true) }),
        settings
      )
      const [span] = (yield* batches).flat()
      assert.strictEqual(handedOn, `00-${trace}-${span?.spanId}-01`)
      assert.strictEqual(yield* traced(Effect.withSpan(currentTraceParent, "own"), settings), null)
      assert.strictEqual(yield* currentTraceParent, null)
    }))
})
