import * as Context from "effect/Context"
import type * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { evolve } from "../domain/evolve.ts"
import type { CommandId } from "../domain/ids.ts"
import { Rejection } from "../domain/Rejection.ts"
import type { Commit } from "../events/Commit.ts"
import type { EventStore, EventStoreUnavailable } from "../events/EventStore.ts"
import type { Head } from "../events/Head.ts"
import { answerOf, type CommandContended } from "./Answer.ts"
import type { InboxUnavailable } from "./CommandInbox.ts"
import { CommandInbox } from "./CommandInbox.ts"
import { makeDecideAndAppend } from "./decideAndAppend.ts"
import { type DoneOutcome, doneWith, type InboxEntry, type InboxOutcome } from "./InboxEntry.ts"
import { settled, settledAppend } from "./settle.ts"

/** Why an entry is still pending. Whoever delivered it delivers it again. */
export type StillPending = InboxUnavailable | EventStoreUnavailable | CommandContended

// The answer that the command has once the commit stands. A commit holds events, so there is a comment then.
const doneBy = (head: Head, commit: Commit): Effect.Effect<DoneOutcome> => {
  const state = commit.events.reduce(evolve, head.state)
  return state._tag === "Absent"
    ? Effect.die(new Error("a commit left no comment behind"))
    : Effect.succeed(doneWith(answerOf("accepted", head.stream, state)))
}

const isRejection = Schema.is(Rejection)

/**
 * Runs what lies in the inbox. An entry may be delivered as often as one likes, also several times at once: it comes to one
 * outcome. What appends says so in the same transaction; everything else is said by a conditional write.
 */
export class InboxHandler extends Context.Service<InboxHandler, {
  /**
   * Runs an entry to its end, if it is still pending, and tells whether it has one. It has none where this version can't
   * read it. Fails where it stays pending, and may be run again.
   */
  run(id: CommandId): Effect.Effect<boolean, StillPending>
}>()("marginalia/commands/InboxHandler") {
  static readonly layer: Layer.Layer<
    InboxHandler,
    never,
    CommandInbox | EventStore | SecureRandom.SecureRandom
  > = Layer.effect(
    InboxHandler,
    Effect.gen(function*() {
      const inbox = yield* CommandInbox
      const decideAndAppend = yield* makeDecideAndAppend

      const settle = (id: CommandId, outcome: InboxOutcome) => Effect.asVoid(settled(inbox.settle(id, outcome)))

      const decide = ({ command, origin }: InboxEntry) =>
        decideAndAppend(
          command,
          origin,
          (head, commit) =>
            Effect.flatMap(
              doneBy(head, commit),
              (outcome) => settledAppend(inbox.appendAndSettle(head, commit, command.commandId, outcome))
            )
        )

      // A newer version has written it, which will also run it: nothing is gained by delivering it here again.
      const readable = (id: CommandId) =>
        Effect.catchTag(
          inbox.find(id),
          "EntryUndecodable",
          (error) => Effect.as(Effect.logError("An accepted command can't be read, and stays pending", error), null)
        )

      const run = Effect.fn("InboxHandler.run")(function*(id: CommandId) {
        const found = yield* readable(id)
        if (found === null) return false
        if (Option.isNone(found) || found.value.outcome !== null) return true
        yield* decide(found.value).pipe(
          Effect.flatMap((answer) => answer.outcome === "accepted" ? Effect.void : settle(id, doneWith(answer))),
          Effect.catchIf(isRejection, (rejection) => settle(id, { _tag: "Rejected", rejection })),
          Effect.catchTags({
            AlreadySettled: () => Effect.void,
            CommitUndecodable: (error) =>
              Effect.andThen(
                Effect.logError("An accepted command can't be decided", error),
                settle(id, { _tag: "Failed", reason: error.reason })
              )
          }),
          Effect.annotateLogs({ commandId: id, requestId: found.value.origin.correlationId })
        )
        return true
      })

      return InboxHandler.of({ run })
    })
  )
}
