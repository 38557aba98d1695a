import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer, Result } from "effect"
import { maxConflicts } from "../../src/commands/decideAndAppend.ts"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import type { Testimony } from "../support/commandWitness.ts"
import { isAnswered, isExplained, witnessed } from "../support/commandWitness.ts"
import { commitOn } from "../support/commitOn.ts"
import { edited } from "../support/encodedCommits.ts"
import {
  commentId,
  edit,
  fresh,
  mo,
  post,
  postedUnderKey,
  remove,
  standingAt,
  underKey,
  versions
} from "../support/given.ts"
import { commitsOf, eventsOf, handle, handlerOver, onMemory, toItsEnd } from "../support/handling.ts"

const atOnce = (commands: ReadonlyArray<CommentCommand>) =>
  toItsEnd(Effect.forEach(commands, witnessed, { concurrency: "unbounded" }))

const times = (count: number, command: (n: number) => CommentCommand) =>
  Array.from({ length: count }, (_, n) => command(n))

const repeated = (count: number, tag: string) => Array.from({ length: count }, () => tag)

const errorsIn = (testimonies: ReadonlyArray<Testimony>): ReadonlyArray<string> =>
  testimonies.flatMap(({ result }) => (Result.isFailure(result) ? [result.failure._tag] : []))

const assertExplained = Effect.fnUntraced(function*(testimonies: ReadonlyArray<Testimony>) {
  const events = yield* eventsOf(commentId)
  assert.deepStrictEqual(testimonies.filter((testimony) => !isExplained(testimony, events)), [])
  return events
})

describe("Many commands at once on one comment", () => {
  it.effect("are all accepted, or told that there is too much contention: nobody's accepted change is lost", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      const testimonies = yield* atOnce(times(32, (n) => edit(`text ${n}`, { identity: fresh(n) })))
      const events = yield* assertExplained(testimonies)
      const accepted = testimonies.filter((testimony) => isAnswered(testimony, "accepted"))
      assert.isAbove(accepted.length, 1)
      assert.deepStrictEqual(errorsIn(testimonies).filter((tag) => tag !== "CommandContended"), [])
      assert.strictEqual(accepted.length + errorsIn(testimonies).length, 32)
      assert.sameMembers(
        events.slice(1).map(({ commandId }) => commandId),
        accepted.map(({ command }) => command.commandId)
      )
    }).pipe(Effect.provide(onMemory)))

  it.effect("of which each asks for the same version: one is accepted, all others are told where the comment stands", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      const testimonies = yield* atOnce(
        times(32, (n) => edit(`text ${n}`, { identity: fresh(n), ifMatch: versions(1) }))
      )
      yield* assertExplained(testimonies)
      assert.lengthOf(testimonies.filter((testimony) => isAnswered(testimony, "accepted")), 1)
      assert.deepStrictEqual(errorsIn(testimonies), repeated(31, "VersionMismatch"))
      assert.lengthOf(yield* commitsOf(commentId), 2)
    }).pipe(Effect.provide(onMemory)))

  it.effect("that all delete it: one does, the others find it deleted", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      const testimonies = yield* atOnce(
        times(16, (n) => remove({ identity: fresh(n), ...(n % 2 === 0 ? { as: mo } : {}) }))
      )
      yield* assertExplained(testimonies)
      assert.lengthOf(testimonies.filter((testimony) => isAnswered(testimony, "accepted")), 1)
      assert.lengthOf(testimonies.filter((testimony) => isAnswered(testimony, "unchanged")), 15)
    }).pipe(Effect.provide(onMemory)))
})

describe("One command sent sixteen times at once under a key", () => {
  const posting = post("zero", { identity: postedUnderKey() })

  it.effect.each(
    [
      ["a post", [], posting],
      ["an edit", [posting], edit("one", { identity: underKey(1) })],
      ["a deletion", [posting], remove({ identity: underKey(1) })]
    ] satisfies ReadonlyArray<[string, ReadonlyArray<CommentCommand>, CommentCommand]>
  )(
    "has one set of events, and one answer that isn't a replay: %s",
    ([_, before, command]) =>
      Effect.gen(function*() {
        yield* Effect.forEach(before, handle)
        const testimonies = yield* atOnce(times(16, () => command))
        yield* assertExplained(testimonies)
        assert.lengthOf(testimonies.filter((testimony) => isAnswered(testimony, "accepted")), 1)
        assert.lengthOf(testimonies.filter((testimony) => isAnswered(testimony, "replayed")), 15)
        assert.lengthOf(yield* commitsOf(commentId), before.length + 1)
        const answers = testimonies.map(({ result }) => Result.getOrThrow(result))
        for (const { comment, standing } of answers) {
          assert.deepStrictEqual(comment, answers[0]?.comment)
          assert.deepStrictEqual(standing, standingAt(before.length + 1))
        }
      }).pipe(Effect.provide(onMemory))
  )

  it.effect("is told from another one under the same key", () =>
    Effect.gen(function*() {
      const another = post("another", { identity: postedUnderKey("another-load") })
      const testimonies = yield* atOnce(times(16, (n) => (n % 2 === 0 ? posting : another)))
      yield* assertExplained(testimonies)
      assert.lengthOf(testimonies.filter((testimony) => isAnswered(testimony, "replayed")), 7)
      assert.deepStrictEqual(errorsIn(testimonies), repeated(8, "IdempotencyKeyReused"))
      assert.lengthOf(yield* commitsOf(commentId), 1)
    }).pipe(Effect.provide(onMemory)))
})

describe("A command whose comment others keep changing", () => {
  type Store = EventStore["Service"]

  // Somebody else's edit, which nothing hinders.
  const rivalEdit = Effect.fnUntraced(function*(store: Store) {
    const head = yield* store.load(commentId, "strong")
    yield* store.append(head, commitOn(head, [edited(`version ${head.version + 1}`)]))
  }, Effect.orDie)

  /** A store where something happens between the load and the append of each attempt to change the comment. */
  const intervening = (beforeAppend: (attempt: number, store: Store) => Effect.Effect<void>) =>
    Layer.effect(
      EventStore,
      Effect.map(EventStore, (store) => {
        let attempts = 0
        const append: Store["append"] = (head, commit) =>
          Effect.suspend(() => head.version === 0 ? Effect.void : beforeAppend(++attempts, store)).pipe(
            Effect.andThen(store.append(head, commit))
          )
        return EventStore.of({ ...store, append })
      })
    )
  const alwaysRivalled = intervening((_, store) => rivalEdit(store))

  type Call = "load" | "append" | "pause"

  /** A store that notes in which order it is called. */
  const observing = (calls: Array<Call>) =>
    Layer.effect(
      EventStore,
      Effect.map(EventStore, (store) => {
        const noting = (call: Call) => Effect.sync(() => void calls.push(call))
        return EventStore.of({
          ...store,
          load: (stream, consistency) => Effect.andThen(noting("load"), store.load(stream, consistency)),
          append: (head, commit) => Effect.andThen(noting("append"), store.append(head, commit))
        })
      })
    )

  it.effect("gives up after a bounded number of attempts, and has appended nothing", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      const error = yield* toItsEnd(Effect.flip(handle(edit("one", { identity: underKey(1) }))))
      assert.deepInclude(error, { _tag: "CommandContended", standing: standingAt(maxConflicts + 2) })
      const events = yield* eventsOf(commentId)
      assert.lengthOf(events, maxConflicts + 2)
      assert.notInclude(events.map(({ commandId }) => commandId), underKey(1).commandId)
    }).pipe(Effect.provide(handlerOver(alwaysRivalled))))

  it.effect("is accepted in the last of them", () =>
    Effect.gen(function*() {
      yield* handle(post("zero"))
      const answer = yield* toItsEnd(handle(edit("one")))
      assert.deepStrictEqual(answer.standing, standingAt(maxConflicts + 2))
    }).pipe(
      Effect.provide(
        handlerOver(intervening((attempt, store) => (attempt <= maxConflicts ? rivalEdit(store) : Effect.void)))
      )
    ))

  it.effect("is decided on what the comment is after each pause, of which there is none after the first conflict", () =>
    Effect.gen(function*() {
      const calls: Array<Call> = []
      const clock = { ...(yield* Clock.Clock), sleep: () => Effect.sync(() => void calls.push("pause")) }
      yield* Effect.andThen(handle(post("zero")), Effect.flip(handle(edit("one")))).pipe(
        Effect.provide(handlerOver(Layer.provideMerge(observing(calls), alwaysRivalled))),
        Effect.provideService(Clock.Clock, clock)
      )
      const paused = Array.from({ length: maxConflicts - 1 }, () => ["pause", "load", "append"])
      assert.deepStrictEqual<unknown>(calls, ["append", "load", "append", "load", "append", ...paused.flat(), "load"])
    }))
})
