import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import type { CommandId } from "../domain/ids.ts"
import { InboxHandler } from "./InboxHandler.ts"

/** How many entries are run at once. */
const concurrency = 8

/** How many entries may wait in memory. Those beyond lie in the inbox all the same, and are swept. */
const maxQueued = 10_000

const retries = Schedule.exponential("100 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 3 }))

/** Runs entries as soon as they are accepted, in the process that accepted them. */
export class InboxWorker extends Context.Service<InboxWorker, {
  /** Never waits, and never fails: what isn't run now is swept later. */
  wake(id: CommandId): Effect.Effect<void>
}>()("marginalia/commands/InboxWorker") {
  static readonly layer: Layer.Layer<InboxWorker, never, InboxHandler> = Layer.effect(
    InboxWorker,
    Effect.gen(function*() {
      const handler = yield* InboxHandler
      const queue = yield* Queue.dropping<CommandId>(maxQueued)
      const work = Effect.flatMap(Queue.take(queue), (id) =>
        handler.run(id).pipe(
          Effect.retry(retries),
          Effect.ignoreCause({ log: "Warn", message: "An accepted command is still pending, and will be swept" }),
          Effect.annotateLogs({ commandId: id })
        ))
      for (let n = 0; n < concurrency; n++) yield* Effect.forkScoped(Effect.forever(work))
      return InboxWorker.of({ wake: (id) => Effect.asVoid(Queue.offer(queue, id)) })
    })
  )
}
