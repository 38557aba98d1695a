import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Random, Result } from "effect"
import type { EventStoreUnavailable } from "../../src/events/EventStore.ts"
import { commandsOn, elementOf, integer, oneOf } from "../support/arbitraries.ts"
import { isAnswered, isExplained, witnessed } from "../support/commandWitness.ts"
import type { Mishap } from "../support/FlakyEventStore.ts"
import * as Flaky from "../support/FlakyEventStore.ts"
import { commentId, edit, fresh, post, postedUnderKey, standingAt, underKey } from "../support/given.ts"
import { commitsOf, eventsOf, handle, handlerOver, toItsEnd } from "../support/handling.ts"
import * as StaleEventStore from "../support/StaleEventStore.ts"

const { always, Flakiness, late, lost, refused, unheard } = Flaky
const none: Mishap = { _tag: "None" }

const over = (...mishaps: ReadonlyArray<Mishap>) => handlerOver(Flaky.layer(mishaps))
const attemptedIds = Effect.map(Flakiness, ({ attempted }) => attempted.map(({ id }) => id))
const texts = Effect.map(
  eventsOf(commentId),
  (events) => events.map(({ body }): string | null => (body._tag === "CommentDeleted" ? null : body.text))
)

describe("An append that timed out", () => {
  it.effect.each(
    [
      ["before it took effect", [lost]],
      ["after it took effect", [unheard]],
      ["again and again", [lost, unheard, late(1), lost, unheard]],
      ["and lands before it is repeated", [late(1)]],
      ["and lands after it was repeated", [late(2)]],
      ["and is turned away when it is repeated", [lost, refused, refused]]
    ] satisfies ReadonlyArray<[string, ReadonlyArray<Mishap>]>
  )(
    "is repeated, the identical commit, until it is known to stand: %s",
    ([_, mishaps]) =>
      Effect.gen(function*() {
        const answer = yield* toItsEnd(handle(post("zero")))
        assert.deepInclude(answer, { outcome: "accepted", standing: standingAt(1) })
        yield* Effect.flatMap(Flakiness, ({ landAll }) => landAll)
        const [commit, ...others] = yield* commitsOf(commentId)
        assert.isEmpty(others)
        assert.deepStrictEqual(yield* attemptedIds, Array.from({ length: mishaps.length + 1 }, () => commit?.id))
      }).pipe(Effect.provide(over(...mishaps)))
  )

  it.effect("stands, and is answered so, though others have gone on from there", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      const [first, second] = yield* toItsEnd(
        Effect.all([handle(edit("one", { identity: underKey(1) })), handle(edit("two"))], { concurrency: "unbounded" })
      )
      assert.deepStrictEqual([first.standing, second.standing], [standingAt(2), standingAt(3)])
      assert.deepStrictEqual([first.comment?.text, second.comment?.text], ["one", "two"])
      assert.deepStrictEqual(yield* texts, ["zero", "one", "two"])
    }).pipe(Effect.provide(over(none, unheard))))

  it.effect("is decided again if another took its place, and never lands then", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      const [first, second] = yield* toItsEnd(
        Effect.all([handle(edit("one", { identity: underKey(1) })), handle(edit("two"))], { concurrency: "unbounded" })
      )
      assert.deepStrictEqual([first.outcome, second.outcome], ["accepted", "accepted"])
      assert.deepStrictEqual([first.standing, second.standing], [standingAt(3), standingAt(2)])
      yield* Effect.flatMap(Flakiness, ({ landAll }) => landAll)
      assert.deepStrictEqual(yield* texts, ["zero", "two", "one"])
    }).pipe(Effect.provide(over(none, late(100)))))
})

describe("A store that doesn't come back", () => {
  const unavailable = (outcome: EventStoreUnavailable["outcome"]) =>
    ({ _tag: "EventStoreUnavailable", operation: "append", outcome }) as const

  it.effect("is given up after a bounded number of attempts, the outcome unknown", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* toItsEnd(Effect.flip(handle(post("zero")))), unavailable("unknown"))
      const { length } = yield* attemptedIds
      assert.isTrue(length >= 5 && length <= 20, `${length} attempts`)
      assert.strictEqual(new Set(yield* attemptedIds).size, 1)
      assert.isEmpty(yield* commitsOf(commentId))
    }).pipe(Effect.provide(handlerOver(Flaky.layer(always(lost))))))

  it.effect("leaves the outcome unknown, though it says later that nothing happened", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* toItsEnd(Effect.flip(handle(post("zero")))), unavailable("unknown"))
      assert.lengthOf(yield* commitsOf(commentId), 1)
    }).pipe(Effect.provide(handlerOver(Flaky.layer((function*() {
      yield unheard
      yield* always(refused)
    })())))))

  it.effect("is not asked again if it says at once that nothing happened", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* Effect.flip(handle(post("zero"))), unavailable("nothing"))
      assert.lengthOf(yield* attemptedIds, 1)
      assert.isEmpty(yield* commitsOf(commentId))
    }).pipe(Effect.provide(handlerOver(Flaky.layer(always(refused))))))

  it.effect("may hold the commit after all: whoever sends the command again under its key gets its answer", () =>
    Effect.gen(function*() {
      const posting = post("zero", { identity: postedUnderKey() })
      assert.deepInclude(yield* toItsEnd(Effect.flip(handle(posting))), unavailable("unknown"))
      yield* Effect.flatMap(Flakiness, ({ repair }) => repair)
      assert.include(yield* handle(edit("one", { identity: fresh(1) })), { outcome: "accepted" })
      const again = yield* handle(posting)
      assert.deepInclude(again, { outcome: "replayed", standing: standingAt(2) })
      assert.strictEqual(again.comment?.text, "zero")
    }).pipe(Effect.provide(handlerOver(Flaky.layer(always(unheard))))))
})

const mishap = oneOf<Mishap>(
  elementOf(none),
  elementOf(none, refused),
  elementOf(lost, unheard),
  Arbitrary.map(integer(1, 12), late)
)
const mishaps = Arbitrary.array(mishap, { minLength: 10, maxLength: 60 })
const seed = Arbitrary.map(integer(0, 2 ** 31), String)

describe("However many appends time out, and however stale the loads are", () => {
  it.effect.prop(
    "what was answered is in the log exactly once, what wasn't at most once, and what was refused not at all",
    [commandsOn(commentId), mishaps, integer(1, 4), seed],
    ([commands, mishaps, concurrency, seed]) =>
      Effect.gen(function*() {
        const testimonies = yield* toItsEnd(Effect.forEach(commands, witnessed, { concurrency }))
        yield* Effect.flatMap(Flakiness, ({ landAll }) => landAll)
        const events = yield* eventsOf(commentId)
        assert.deepStrictEqual(testimonies.filter((testimony) => !isExplained(testimony, events)), [])
        const inLog = (yield* commitsOf(commentId)).map(({ events }) => events[0].commandId)
        for (const id of new Set(commands.map(({ commandId }) => commandId))) {
          const mine = testimonies.filter(({ command }) => command.commandId === id)
          const answered = mine.filter((testimony) => isAnswered(testimony, "accepted")).length
          const unknown = mine.filter(({ result }) =>
            Result.isFailure(result) && result.failure._tag === "EventStoreUnavailable" &&
            result.failure.outcome === "unknown"
          ).length
          const times = inLog.filter((one) => one === id).length
          assert.isTrue(
            times >= answered && times <= answered + unknown,
            `${times} times in the log, ${answered} answers`
          )
        }
      }).pipe(
        Effect.provide(
          handlerOver(Layer.provide(Flaky.layer(mishaps), StaleEventStore.layer(StaleEventStore.anyPrefix)))
        ),
        Random.withSeed(seed)
      )
  )
})
