import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { CommitTooLarge, EventStoreUnavailable, VersionConflict } from "../events/EventStore.ts"
import type { Head } from "../events/Head.ts"
import { InboxUnavailable } from "./CommandInbox.ts"

/** How long what has an unknown outcome is repeated. */
export const settlingTime = Duration.seconds(5)

const pauses = Schedule.min([Schedule.exponential("50 millis"), Schedule.spaced("1 second")]).pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: settlingTime })
)

type Unavailable = EventStoreUnavailable | InboxUnavailable

const isUnavailable = (error: unknown): error is Unavailable =>
  error instanceof EventStoreUnavailable || error instanceof InboxUnavailable

const isUnknown = (error: unknown): error is Unavailable => isUnavailable(error) && error.outcome === "unknown"

/**
 * Settles an unknown outcome by repeating the identical write until it succeeds or fails for another reason: a time-out
 * says nothing, and reading settles only presence, for a put that timed out may land after it. Once an outcome was unknown,
 * no later failure makes it known: giving up fails with `unknown`.
 */
export const settled = <A, E, R>(write: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.catchIf(write, isUnknown, (unknown) =>
    write.pipe(
      Effect.delay("20 millis"),
      Effect.retry({ schedule: pauses, while: isUnavailable }),
      Effect.mapError((error) => isUnavailable(error) ? unknown : error)
    ))

const isConflict = (error: unknown): error is VersionConflict => error instanceof VersionConflict
const isTooLarge = (error: unknown): error is CommitTooLarge => error instanceof CommitTooLarge

/** An append, settled: the head, or null where the occupant of its place is another commit. */
export const settledAppend = <E>(
  append: Effect.Effect<Head, E | VersionConflict | CommitTooLarge>
): Effect.Effect<Head | null, E> =>
  Effect.catch(settled(append), (error): Effect.Effect<null, E> => {
    if (isConflict(error)) return Effect.succeed(null)
    // A command's events are bounded by the rules for texts, far below what any store holds.
    return isTooLarge(error) ? Effect.die(error) : Effect.fail(error)
  })
