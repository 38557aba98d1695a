import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Commit } from "../events/Commit.ts"
import type { EventStore } from "../events/EventStore.ts"
import type { Head } from "../events/Head.ts"

/** How long an append of unknown outcome is repeated. */
export const settlingTime = Duration.seconds(5)

const pauses = Schedule.min([Schedule.exponential("50 millis"), Schedule.spaced("1 second")]).pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: settlingTime })
)

/**
 * Appends, and settles an unknown outcome by repeating the identical append until it succeeds or the occupant of its place
 * comes back: a time-out says nothing, and reading settles only presence, for a put that timed out may land after it.
 * Once an outcome was unknown, no later failure makes it known: giving up fails with `unknown`.
 */
export const appendSettled = Effect.fnUntraced(function*(store: EventStore["Service"], head: Head, commit: Commit) {
  return yield* store.append(head, commit).pipe(
    Effect.catchIf(
      (error) => error._tag === "EventStoreUnavailable" && error.outcome === "unknown",
      (unknown) =>
        store.append(head, commit).pipe(
          Effect.delay("20 millis"),
          Effect.retry({
            schedule: pauses,
            while: (error) => error._tag === "EventStoreUnavailable"
          }),
          Effect.mapError((error) => error._tag === "EventStoreUnavailable" ? unknown : error)
        )
    ),
    // A command's events are bounded by the rules for texts, far below what any store holds.
    Effect.catchTag("CommitTooLarge", Effect.die)
  )
})
