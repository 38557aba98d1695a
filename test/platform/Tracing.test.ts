import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Random, Tracer } from "effect"
import { currentTraceParent } from "../../src/platform/currentTraceParent.ts"
import * as Tracing from "../../src/platform/Tracing.ts"
import type { TracingSettings } from "../../src/platform/tracingSettings.ts"
import { tracing } from "../../src/programs/service/tracing.ts"
import { later } from "../http/accepted.ts"
import { assertProblem, assertStatus } from "../http/assertAnswer.ts"
import { brittleTarget, Faults } from "../http/brittleTarget.ts"
import { newPicture, post } from "../http/comments.ts"
import { brokenReadModel, readModelDown } from "../http/faulty.ts"
import { get, userUrl } from "../http/queries.ts"
import { otlpReceiver } from "../support/otlpReceiver.ts"

const trace = "0af7651916cd43dd8448eb211c80319c"
const parentOf = (sampled: boolean) => Tracer.externalSpan({ traceId: trace, spanId: "b7ad6b7169203331", sampled })

/** Runs an effect that is traced, to the end of what traces it. */
const traced = <A, E>(effect: Effect.Effect<A, E>, settings: TracingSettings) =>
  Effect.provide(effect, Tracing.layer("marginalia-test", settings))

/** All of the HTTP, on a free port, traced. */
const tracedTarget = (settings: TracingSettings) =>
  brittleTarget.pipe(Layer.provide(Tracing.layer("marginalia-test", settings)))

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

  it.live("are exported by chance, whatever somebody else has decided about his", () =>
    Effect.gen(function*() {
      const { batches, url } = yield* otlpReceiver
      const own = Effect.void.pipe(Effect.withSpan("child"), Effect.withSpan("own"))
      const continued = (sampled: boolean) =>
        Effect.void.pipe(Effect.withSpan("child"), Effect.withSpan("continued", { parent: parentOf(sampled) }))
      const all = Effect.all([own, continued(true), continued(false)])
      yield* traced(all, { endpoint: url, ratio: 0 })
      assert.deepStrictEqual(yield* batches, [])
      yield* traced(all, { endpoint: url, ratio: 1 })
      const spans = (yield* batches).flat()
      assert.deepStrictEqual(spans.map(({ name }) => name), [
        "child",
        "own",
        "child",
        "continued",
        "child",
        "continued"
      ])
      assert.deepStrictEqual(spans.map(({ traceId }) => traceId === trace), [false, false, true, true, true, true])
    }))

  it.live("are exported whole where they are, whether they begin here or with somebody else", () =>
    Effect.gen(function*() {
      const { batches, url } = yield* otlpReceiver
      const one = Effect.void.pipe(Effect.withSpan("child"))
      const all = Effect.all([
        Effect.withSpan(one, "own"),
        Effect.withSpan(one, "continued", { parent: parentOf(false) })
      ])
      yield* traced(Effect.replicateEffect(all, 50), { endpoint: url, ratio: 0.5 }).pipe(
        Random.withSeed("half of them")
      )
      const spans = (yield* batches).flat()
      for (const begun of ["own", "continued"]) {
        const parents = spans.filter(({ name }) => name === begun).map(({ spanId }) => spanId)
        assert.isTrue(parents.length > 5 && parents.length < 45, `${parents.length} of 50`)
      }
      const children = spans.filter(({ name }) => name === "child").map(({ parentSpanId }) => parentSpanId)
      assert.sameMembers(children, spans.filter(({ name }) => name !== "child").map(({ spanId }) => spanId))
    }))

  it.live("of a client's requests are no more than chance has it: the client's ids are kept, its wish isn't", () =>
    Effect.gen(function*() {
      const { batches, url } = yield* otlpReceiver
      const handedOn: Array<string | null> = []
      const traceparent = `00-${trace}-b7ad6b7169203331-01`
      const ask = Effect.gen(function*() {
        const faults = yield* Faults
        faults.inbox.accept = ({ origin }) => {
          handedOn.push(origin.traceParent)
          return Effect.succeed(null)
        }
        assertStatus(yield* post(newPicture(), "ana", "text", { headers: { ...later, traceparent } }), 202)
        for (const b3 of [`${trace}-b7ad6b7169203331-1`, `${trace}-b7ad6b7169203331-d`]) {
          assertStatus(yield* get(userUrl("ana"), { b3 }), 200)
        }
      })
      yield* Effect.provide(ask, tracedTarget({ endpoint: url, ratio: 0 }))
      assert.deepStrictEqual(yield* batches, [])
      yield* Effect.provide(ask, tracedTarget({ endpoint: url, ratio: 1 }))
      const servers = (yield* batches).flat().filter(({ kind }) => kind === 2)
      assert.deepStrictEqual(servers.map(({ traceId }) => traceId), [trace, trace, trace])
      assert.deepStrictEqual(handedOn, [traceparent, `00-${trace}-${servers[0]?.spanId}-01`])
    }))

  it.live("of requests say which route was taken, and not whose comments were asked for, nor where in them", () =>
    Effect.gen(function*() {
      const { batches, url } = yield* otlpReceiver
      yield* Effect.gen(function*() {
        const faults = yield* Faults
        assertStatus(yield* get(userUrl("ana")), 200)
        assertProblem(yield* get(userUrl("ana", "?cursor=x")), 400, "malformed-request")
        assertProblem(yield* get("/nowhere/ana?cursor=x"), 404, "route-not-found")
        faults.readModel = brokenReadModel(readModelDown)
        assertProblem(yield* get(userUrl("ana", "?limit=7")), 503, "service-unavailable")
      }).pipe(Effect.provide(tracedTarget({ endpoint: url, ratio: 1 })))
      const spans = (yield* batches).flat()
      assert.deepStrictEqual(
        spans.filter(({ kind }) => kind === 2).map(({ attributes }) =>
          attributes.find(({ key }) => key === "http.route")?.value.stringValue
        ),
        ["/users/:userId/comments", "/users/:userId/comments", undefined, "/users/:userId/comments"]
      )
      assert.notMatch(JSON.stringify(spans), /\bana\b|cursor=|limit=/)
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
      const continued = Effect.withSpan(currentTraceParent, "continued", { parent: parentOf(true) })
      const handedOn = yield* traced(continued, { endpoint: url, ratio: 1 })
      const [span] = (yield* batches).flat()
      assert.strictEqual(handedOn, `00-${trace}-${span?.spanId}-01`)
      assert.strictEqual(yield* traced(continued, { endpoint: url, ratio: 0 }), null)
      assert.strictEqual(yield* currentTraceParent, null)
    }))
})
