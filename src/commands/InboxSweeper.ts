import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import { type CommandId, Timestamp } from "../domain/ids.ts"
import { CommandInbox } from "./CommandInbox.ts"
import { InboxHandler } from "./InboxHandler.ts"
import * as metrics from "./inboxMetrics.ts"

export interface InboxSweeperOptions {
  /** The time between two sweeps, give or take a fifth. 30 seconds, if left out. */
  readonly every?: Duration.Input
  /** How long an entry must have been pending. 60 seconds, if left out. */
  readonly olderThan?: Duration.Input
  /** The same for the first sweep: zero where nobody else can be running what is pending. */
  readonly olderThanAtStart?: Duration.Input
}

/** The most entries that are looked for, and of them run, at once. */
const batchSize = 100
const concurrency = 4

/** The most entries that may stay pending in a sweep before it looks no further. */
const mostStuck = 1000

/**
 * Runs what has been pending for too long, batch by batch, and tells how many it ran to their end. What stays pending all
 * the same is passed by, and left to the next sweep.
 */
export const sweep = Effect.fn("InboxSweeper.sweep")(function*(olderThan: Duration.Input) {
  const inbox = yield* CommandInbox
  const handler = yield* InboxHandler
  const age = Duration.toMillis(Duration.fromInputUnsafe(olderThan))
  const stuck = new Set<CommandId>()
  let swept = 0
  let oldest = 0

  const runOne = Effect.fnUntraced(function*(id: CommandId) {
    const exit = yield* Effect.exit(
      Effect.tapCause(
        handler.run(id),
        (cause) =>
          Effect.logError("An accepted command is still pending", cause).pipe(Effect.annotateLogs({ commandId: id }))
      )
    )
    if (Exit.isSuccess(exit) && exit.value) swept++
    else stuck.add(id)
  })

  while (stuck.size < mostStuck) {
    const now = Math.floor(yield* Clock.currentTimeMillis)
    const before = swept
    const waiting = yield* inbox.stale(Timestamp.make(now - age), batchSize + stuck.size)
    oldest = waiting.reduce((oldest, { acceptedAt }) => Math.max(oldest, now - acceptedAt), oldest)
    const fresh = waiting.filter(({ id }) => !stuck.has(id)).slice(0, batchSize)
    yield* Effect.forEach(fresh, ({ id }) => runOne(id), { concurrency, discard: true })
    yield* Metric.update(metrics.entriesSwept, swept - before)
    if (fresh.length < batchSize) break
  }
  yield* Metric.update(metrics.pendingAge, oldest / 1000)
  return swept
})

/** Sweeps as long as the layer lives. */
export const layer = (
  { every = "30 seconds", olderThan = "60 seconds", olderThanAtStart = olderThan }: InboxSweeperOptions = {}
): Layer.Layer<never, never, CommandInbox | InboxHandler> => {
  let age = olderThanAtStart
  const sweepNow = Effect.suspend(() => {
    const olderThanNow = age
    age = olderThan
    return Effect.ignoreCause(sweep(olderThanNow), { log: "Error", message: "The inbox can't be swept at present" })
  })
  return Layer.effectDiscard(
    metrics.begin.pipe(
      Effect.andThen(Effect.repeat(sweepNow, Schedule.jittered(Schedule.spaced(every)))),
      Effect.forkScoped
    )
  )
}
