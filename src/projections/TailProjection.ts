import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as SqlClient from "effect/sql/SqlClient"
import { EventTail } from "../events/EventTail.ts"
import type { TailedBatch } from "../events/EventTail.ts"
import { loadCheckpoint, saveCheckpoint } from "./checkpoints.ts"
import { makePatience } from "./patience.ts"
import { Projector } from "./Projector.ts"

/** The most commits that are projected at once. */
const batchSize = 500

/** How often a checkpoint is saved at most, in milliseconds. What lies between is repeated after a crash, harmlessly. */
const saveInterval = 1000

// How long to wait for an append before looking all the same, in milliseconds. What is committed here can be hidden for a
// moment by somebody else's older transaction, and nobody tells when that has ended: so for a while after each sign of
// life the log is looked at often.
const shortestWait = 5
const longestWait = 1000

export interface TailProjectionOptions {
  /** Under which name its checkpoint is kept. `read-model`, if left out. */
  readonly name?: string
  /** Runs after each batch: for waking those who wait for positions to change. */
  readonly positionsChanged?: Effect.Effect<void>
}

/**
 * Follows the log from where it was last, projects what it finds, and waits for more. Begins at the log's beginning where
 * there is no checkpoint. What fails is tried again for ever; nothing is passed over.
 *
 * Runs until it is interrupted. A batch that has begun is then finished, and the checkpoint saved.
 */
export const follow = Effect.fn("TailProjection.follow")(function*(options: TailProjectionOptions = {}) {
  const { name = "read-model", positionsChanged = Effect.void } = options
  const sql = yield* SqlClient.SqlClient
  const tail = yield* EventTail
  const projector = yield* Projector
  const patiently = yield* makePatience

  let checkpoint = Option.getOrElse(yield* patiently(loadCheckpoint(sql, name)), () => tail.beginning)
  let saved = checkpoint
  let savedAt = yield* Clock.currentTimeMillis

  const save = Effect.suspend(() => {
    const reached = checkpoint
    return reached === saved
      ? Effect.void
      : Effect.map(saveCheckpoint(sql, name, reached), () => {
        saved = reached
      })
  })

  const saveIfDue = Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    if (now - savedAt < saveInterval) return
    yield* save
    savedAt = now
  })

  const project = Effect.fnUntraced(function*({ checkpoint: next, commits }: TailedBatch) {
    if (commits.length > 0) {
      yield* projector.project(commits)
      yield* positionsChanged
    }
    checkpoint = next
    return commits.length
  }, Effect.uninterruptible)

  const advance = Effect.suspend(() => Effect.flatMap(tail.read(checkpoint, batchSize), project))

  const following = Effect.gen(function*() {
    let wait = shortestWait
    while (true) {
      const found = yield* patiently(advance)
      yield* patiently(saveIfDue)
      if (found === batchSize) continue
      if (found > 0) wait = shortestWait
      const woken = yield* Effect.timeoutOption(tail.awaitAppend(2 * longestWait), wait)
      wait = Option.isSome(woken) ? shortestWait : Math.min(wait * 2, longestWait)
    }
  })

  return yield* Effect.ensuring(
    following,
    Effect.ignore(save, { log: "Warn", message: "The checkpoint could not be saved: what it misses will be repeated" })
  )
})

/** Follows the log as long as the layer lives. */
export const layer = (
  options: TailProjectionOptions = {}
): Layer.Layer<never, never, Projector | EventTail | SqlClient.SqlClient> =>
  Layer.effectDiscard(Effect.forkScoped(follow(options)))
