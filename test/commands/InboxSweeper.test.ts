import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Metric } from "effect"
import { TestClock } from "effect/testing"
import { pendingAge } from "../../src/commands/inboxMetrics.ts"
import * as InboxSweeper from "../../src/commands/InboxSweeper.ts"
import { Timestamp } from "../../src/domain/ids.ts"
import { EventStoreUnavailable } from "../../src/events/EventStore.ts"
import { accept, found } from "../contract/commandInboxSteps.ts"
import { entryOf, freshPost } from "../support/inboxEntries.ts"
import { quiet } from "../support/projection.ts"
import { befall, inboxDown, runningOnMemory } from "../support/running.ts"

const running = Layer.merge(runningOnMemory, quiet)

const start = 1_764_000_000_000
const ago = (seconds: number) => Timestamp.make(start - seconds * 1000)

const acceptedAgo = Effect.fnUntraced(function*(...seconds: ReadonlyArray<number>) {
  return yield* Effect.forEach(seconds, (seconds) => {
    const command = freshPost()
    return Effect.as(accept(entryOf(command, ago(seconds))), command.commandId)
  })
})

const isPending = (id: Parameters<typeof found>[0]) => Effect.map(found(id), ({ outcome }) => outcome === null)

const down = new EventStoreUnavailable({ operation: "append", outcome: "nothing", cause: "planned by a test" })

/** From now on the inbox finds nothing, for it is down; gives how often it was asked since. */
const nothingIsFound = Effect.gen(function*() {
  let calls = 0
  yield* befall({
    inbox: {
      find: () => {
        calls++
        return inboxDown("find")
      }
    }
  })
  return () => calls
})

describe("A sweep of the inbox", () => {
  it.effect("runs what has been pending for too long, and nothing else", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(start)
      const [old = assert.fail(), young = assert.fail()] = yield* acceptedAgo(61, 59)
      assert.strictEqual(yield* InboxSweeper.sweep("60 seconds"), 1)
      assert.deepStrictEqual([yield* isPending(old), yield* isPending(young)], [false, true])
      assert.strictEqual((yield* Metric.value(pendingAge)).value, 61)
      assert.strictEqual(yield* InboxSweeper.sweep("60 seconds"), 0)
      assert.strictEqual((yield* Metric.value(pendingAge)).value, 0)
    }).pipe(Effect.provide(running)))

  it.effect("goes on, batch by batch, until there is no more", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(start)
      const ids = yield* acceptedAgo(...Array.from({ length: 250 }, (_, n) => 100 + n))
      assert.strictEqual(yield* InboxSweeper.sweep("60 seconds"), 250)
      for (const id of ids) assert.isFalse(yield* isPending(id))
    }).pipe(Effect.provide(running)))

  it.effect("passes by what stays pending, each once, however many there are", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(start)
      const ids = yield* acceptedAgo(...Array.from({ length: 150 }, (_, n) => 100 + n))
      const calls = yield* nothingIsFound
      assert.strictEqual(yield* InboxSweeper.sweep("60 seconds"), 0)
      assert.strictEqual(calls(), ids.length)
    }).pipe(Effect.provide(running)))

  it.effect("runs the others where one stays pending, and leaves that for the next", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(start)
      const ids = yield* acceptedAgo(300, 200, 100)
      const calls = yield* nothingIsFound
      assert.strictEqual(yield* InboxSweeper.sweep("60 seconds"), 0)
      assert.strictEqual(calls(), ids.length)
      yield* befall({})
      assert.strictEqual(yield* InboxSweeper.sweep("60 seconds"), ids.length)
    }).pipe(Effect.provide(running)))
})

describe("The sweeper of the inbox", () => {
  it.effect("sweeps again and again, also after one that failed; at the start, if that is wanted, whatever is pending", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(start)
      const [first = assert.fail()] = yield* acceptedAgo(0.001)
      yield* Layer.build(InboxSweeper.layer({ olderThanAtStart: 0 }))
      yield* Effect.repeat(Effect.andThen(Effect.yieldNow, isPending(first)), { until: (pending) => !pending })

      const [second = assert.fail()] = yield* acceptedAgo(0)
      yield* befall({ inbox: { stale: () => inboxDown("stale") } })
      yield* TestClock.adjust("2 minutes")
      yield* befall({ store: { load: () => Effect.fail(down) }, inbox: { appendAndSettle: () => Effect.fail(down) } })
      yield* TestClock.adjust("2 minutes")
      assert.isTrue(yield* isPending(second))
      yield* befall({})
      yield* TestClock.adjust("40 seconds")
      assert.isFalse(yield* isPending(second))
    }).pipe(Effect.scoped, Effect.provide(running)))
})
