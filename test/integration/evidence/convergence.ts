import { Clock, Duration, Effect, Option, Schedule } from "effect"
import { CommandInbox } from "../../../src/commands/CommandInbox.ts"
import { Timestamp } from "../../../src/domain/ids.ts"
import { headsIn, readLog } from "./log.ts"
import { readPositions } from "./rows.ts"

/** How long everybody has to converge, once nobody works any more. */
export const convergencePatience = Duration.seconds(60)

/** What isn't as it will be: commands that are still to be decided, streams that the read model is behind or ahead of. */
const outstanding = Effect.gen(function*() {
  const inbox = yield* CommandInbox
  const now = yield* Clock.currentTimeMillis
  const pending = yield* inbox.stale(Timestamp.make(now + 60_000), 1)
  const positions = new Map((yield* readPositions).map(({ stream, version }) => [stream, version]))
  const heads = headsIn(yield* readLog)
  const differing = [...new Set([...heads.keys(), ...positions.keys()])]
    .filter((stream) => heads.get(stream) !== positions.get(stream))
  return pending.length + differing.length
})

/** Whether log, inbox and read model say the same. */
export const isConverged = Effect.map(outstanding, (left) => left === 0)

/** Waits until log, inbox and read model say the same, and gives how long that took, in milliseconds; null where it took too long. */
export const untilConverged = Effect.gen(function*() {
  const begun = yield* Clock.currentTimeMillis
  const done = yield* isConverged.pipe(
    Effect.repeat({ until: (converged) => converged, schedule: Schedule.spaced("200 millis") }),
    Effect.timeoutOption(convergencePatience)
  )
  return Option.isSome(done) ? (yield* Clock.currentTimeMillis) - begun : null
})
