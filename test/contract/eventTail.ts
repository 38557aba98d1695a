import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Fiber, type Layer } from "effect"
import type { EventStore } from "../../src/events/EventStore.ts"
import { EventTail } from "../../src/events/EventTail.ts"
import { newStream } from "../../src/events/Head.ts"
import { freshStream } from "../support/commitOn.ts"
import { edited, posted } from "../support/encodedCommits.ts"
import { append, written } from "./eventStoreSteps.ts"
import { followed, followToNow, upTo, versionsByStream, writer } from "./eventTailSteps.ts"

const anything = Effect.suspend(() => append(newStream(freshStream()), posted("anything")))

/** What every tail promises to who follows it. The layer is built once; tests begin where the log stands. */
export const eventTailContract = <E>(name: string, layer: Layer.Layer<EventStore | EventTail, E>): void => {
  describe(`${name} is a tail of the log: it`, () => {
    it.layer(layer, { excludeTestServices: true })((it) => {
      it.effect("gives nothing of a log that has nothing, and stays there", () =>
        Effect.gen(function*() {
          const tail = yield* EventTail
          const batch = yield* tail.read(tail.beginning, 10)
          assert.deepStrictEqual(batch, { commits: [], checkpoint: tail.beginning })
          assert.strictEqual(yield* tail.present, tail.beginning)
        }))

      it.effect("gives everything from the beginning on, each stream in order", () =>
        Effect.gen(function*() {
          const { beginning } = yield* EventTail
          const { stream } = yield* written([posted("a")], [edited("b"), edited("c")], [edited("d")])
          const { commits } = yield* followToNow(beginning)
          assert.deepStrictEqual(versionsByStream(commits).get(stream), [1, 2, 4])
        }))

      it.effect("gives no more than it is asked for", () =>
        Effect.gen(function*() {
          const tail = yield* EventTail
          yield* Effect.all(Array.makeBy(5, () => anything))
          yield* followToNow(tail.beginning)
          assert.strictEqual((yield* tail.read(tail.beginning, 3)).commits.length, 3)
        }))

      it.effect("goes on from each of its checkpoints, without a commit twice or left out", () =>
        Effect.gen(function*() {
          const tail = yield* EventTail
          yield* Effect.all(Array.makeBy(12, () => anything))
          const { commits, places } = yield* followToNow(tail.beginning, 4)
          assert.isAbove(places.length, 3)
          for (const { checkpoint, seen } of places) {
            assert.deepStrictEqual((yield* tail.read(checkpoint, 1000)).commits, commits.slice(seen))
          }
        }))

      it.effect("gives, from where it stands at present, only what is appended later", () =>
        Effect.gen(function*() {
          const tail = yield* EventTail
          yield* anything
          const { commits } = yield* followToNow(tail.beginning)
          const place = yield* tail.present
          const { stream } = yield* anything
          const later = yield* followToNow(place)
          assert.deepStrictEqual(later.commits.map((commit) => commit.stream).slice(0, 1), [stream])
          const before = new Set(commits.map(({ id }) => id))
          assert.deepStrictEqual(later.commits.filter(({ id }) => before.has(id)), [])
        }))

      it.effect("loses nothing of 32 concurrent writers, and keeps each stream in order", () =>
        Effect.gen(function*() {
          const { beginning } = yield* EventTail
          const writers = Effect.forEach(upTo(32), () => writer(20), { concurrency: "unbounded" })
          const { commits, written: streams } = yield* followed(beginning, 7, writers)
          const versions = versionsByStream(commits)
          for (const stream of streams) assert.deepStrictEqual(versions.get(stream), upTo(20))
        }))

      it.effect("wakes who waits as soon as something is appended in this process, and who comes to wait after that", () =>
        Effect.gen(function*() {
          const tail = yield* EventTail
          yield* followToNow(tail.beginning)
          const place = yield* tail.present
          yield* tail.awaitAppend("1 milli")
          const waiting = yield* Effect.forkChild(tail.awaitAppend("1 hour"))
          const { stream } = yield* anything
          yield* Fiber.join(waiting)
          const { stream: another } = yield* anything
          yield* tail.awaitAppend("1 hour")
          const { commits } = yield* followToNow(place)
          assert.deepStrictEqual(commits.slice(0, 2).map((commit) => commit.stream), [stream, another])
        }))
    })
  })
}
