import type * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { CommentCommand } from "../domain/CommentCommand.ts"
import type { CommentEvent } from "../domain/CommentEvent.ts"
import type { ActiveComment, DeletedComment } from "../domain/CommentState.ts"
import { decide } from "../domain/decide.ts"
import type { CorrelationId } from "../domain/ids.ts"
import { CommitId, EventId } from "../domain/ids.ts"
import type { Rejection } from "../domain/Rejection.ts"
import { standingOf } from "../domain/Standing.ts"
import type { Commit } from "../events/Commit.ts"
import { record } from "../events/Commit.ts"
import type { CommitUndecodable, EventStoreUnavailable } from "../events/EventStore.ts"
import { EventStore } from "../events/EventStore.ts"
import type { Head } from "../events/Head.ts"
import { newStream } from "../events/Head.ts"
import type { Answer } from "./Answer.ts"
import { answerOf, CommandContended } from "./Answer.ts"
import { replayedAnswer } from "./replay.ts"

/** How often a command is decided again because others were faster. */
export const maxConflicts = 20

/** What a request carries beside the command, for the log of events. */
export interface Origin {
  readonly correlationId: CorrelationId
  /** The W3C `traceparent`, if the request was traced. */
  readonly traceParent: string | null
}

/** How a decided commit gets into the log. Null: others were faster. */
export type Append<E> = (head: Head, commit: Commit) => Effect.Effect<Head | null, E>

// A head that no load vouches for: a new stream is assumed, an eventual load may be stale. Only an append, whose
// condition catches staleness, may be built on such a head. A rejection, a no-op or a replay needs a strong load.
type Certainty = "assumed" | "eventual" | "strong"

const known = (head: Head): Effect.Effect<ActiveComment | DeletedComment> =>
  head.state._tag === "Absent"
    ? Effect.die(new Error("decided on a comment that isn't there"))
    : Effect.succeed(head.state)

// Capped and jittered, so that writers who lost together don't come back together. There is none after the first conflict:
// it is how a post finds out that it is a replay.
const pause = (conflicts: number): Effect.Effect<void> =>
  conflicts === 1 ?
    Effect.void :
    Effect.flatMap(Random.next, (random) => Effect.sleep(Duration.millis(random * Math.min(200, 4 * 2 ** conflicts))))

/**
 * Load, decide, append, and on a conflict again with fresh state, bounded and with jitter. No accepted change of anybody is
 * ever lost, and nothing is refused, left alone or replayed on a state that may have been stale.
 */
export const makeDecideAndAppend = Effect.gen(function*() {
  const store = yield* EventStore
  const random = yield* SecureRandom.SecureRandom

  const commitOf = Effect.fnUntraced(function*(
    head: Head,
    events: Arr.NonEmptyReadonlyArray<CommentEvent>,
    command: CommentCommand,
    origin: Origin
  ) {
    return record(head, events, {
      commitId: CommitId.make(yield* random.uuidV7()),
      eventIds: yield* Effect.forEach(events, () => Effect.map(random.uuidV7(), (id) => EventId.make(id))),
      commandId: command.commandId,
      fingerprint: command.fingerprint,
      actor: command.actor.id,
      now: yield* Clock.currentTimeMillis,
      ...origin
    })
  })

  return Effect.fnUntraced(function*<E>(
    command: CommentCommand,
    origin: Origin,
    append: Append<E>
  ): Effect.fn.Return<Answer, Rejection | CommandContended | EventStoreUnavailable | CommitUndecodable | E> {
    const { commentId } = command
    let certainty: Certainty = command._tag === "PostComment" ? "assumed" : "eventual"
    let head = command._tag === "PostComment" ? newStream(commentId) : yield* store.load(commentId, "eventual")
    let conflicts = 0
    while (true) {
      const decided = decide(head.state, command)
      if (Result.isSuccess(decided) && decided.success._tag === "Accepted") {
        const commit = yield* commitOf(head, decided.success.events, command, origin)
        const appended = yield* append(head, commit)
        if (appended !== null) return answerOf("accepted", commentId, yield* known(appended))
        conflicts++
        // Loading after the pause, not before it: what was loaded before would be out of date again.
        if (conflicts <= maxConflicts) yield* pause(conflicts)
        head = yield* store.load(commentId, "strong")
        certainty = "strong"
        if (conflicts > maxConflicts) {
          return yield* new CommandContended({ standing: standingOf(commentId, yield* known(head)) })
        }
      } else if (certainty !== "strong") {
        head = yield* store.load(commentId, "strong")
        certainty = "strong"
      } else {
        const decision = yield* Effect.fromResult(decided)
        const state = yield* known(head)
        return decision._tag === "Replayed"
          ? yield* replayedAnswer(store, commentId, state, decision.version)
          : answerOf("unchanged", commentId, state)
      }
    }
  })
})
