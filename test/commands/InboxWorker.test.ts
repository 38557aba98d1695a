import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { InboxWorker } from "../../src/commands/InboxWorker.ts"
import { accepted, found } from "../contract/commandInboxSteps.ts"
import { freshPost } from "../support/inboxEntries.ts"
import { quiet } from "../support/projection.ts"
import { befall, inboxDown, Mishaps, runningOnMemory } from "../support/running.ts"

const working = InboxWorker.layer.pipe(Layer.provideMerge(Layer.merge(runningOnMemory, quiet)))

const wake = (id: Parameters<InboxWorker["Service"]["wake"]>[0]) => InboxWorker.use((worker) => worker.wake(id))

const untilDecided = (id: Parameters<typeof found>[0]) =>
  Effect.repeat(Effect.andThen(Effect.yieldNow, found(id)), { until: ({ outcome }) => outcome !== null })

describe("The worker of the inbox", () => {
  it.effect("runs what it is told of at once, however much that is", () =>
    Effect.gen(function*() {
      const posts = yield* Effect.forEach(Array.from({ length: 100 }, () => freshPost()), accepted)
      yield* Effect.forEach(posts, ({ commandId }) => wake(commandId))
      for (const { commandId } of posts) yield* untilDecided(commandId)
    }).pipe(Effect.provide(working)))

  it.effect("tries again where something fails for a moment, then leaves it to the sweeper and goes on", () =>
    Effect.gen(function*() {
      const { unharmed } = yield* Mishaps
      const [poor, other] = [yield* accepted(freshPost()), yield* accepted(freshPost())]
      let tries = 0
      const failing = (times: number) =>
        befall({
          inbox: {
            find: (id) => id === poor.commandId && ++tries <= times ? inboxDown("find") : unharmed.find(id)
          }
        })
      yield* failing(Infinity)
      yield* wake(poor.commandId)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(tries, 4)
      yield* wake(other.commandId)
      yield* untilDecided(other.commandId)
      tries = 0
      yield* failing(2)
      yield* wake(poor.commandId)
      yield* TestClock.adjust("1 minute")
      yield* untilDecided(poor.commandId)
      assert.isAbove(tries, 2)
    }).pipe(Effect.provide(working)))
})
