import type { Vitest } from "@effect/vitest"
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { CommandInbox } from "../../src/commands/CommandInbox.ts"
import type { InboxEntry } from "../../src/commands/InboxEntry.ts"
import type { CommentCommand } from "../../src/domain/CommentCommand.ts"
import { decide } from "../../src/domain/decide.ts"
import type { CommandId } from "../../src/domain/ids.ts"
import type { Commit } from "../../src/events/Commit.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { type Head, newStream } from "../../src/events/Head.ts"
import { commitOn } from "../support/commitOn.ts"
import { doneBy, entryOf } from "../support/inboxEntries.ts"

/** The tests of a contract register themselves with it. */
export type It = Vitest.MethodsNonLive<CommandInbox | EventStore>

export const accept = (entry: InboxEntry) => CommandInbox.use((inbox) => inbox.accept(entry))

/** Accepts a command, which nobody has before. */
export const accepted = Effect.fnUntraced(function*(command: CommentCommand) {
  assert.isNull(yield* accept(entryOf(command)))
  return command
})

/** The entry of a command, which is there. */
export const found = (id: CommandId) => CommandInbox.use((inbox) => Effect.map(inbox.find(id), Option.getOrThrow))

export const settle = (id: CommandId, outcome: NonNullable<InboxEntry["outcome"]>) =>
  CommandInbox.use((inbox) => inbox.settle(id, outcome))

/** The commit of what a command, without a key, comes to on a head. */
export const commitFor = (head: Head, command: CommentCommand): Commit => {
  const decision = decide(head.state, command)
  assert(decision._tag === "Success" && decision.success._tag === "Accepted")
  return commitOn(head, decision.success.events, { commandId: command.commandId })
}

export const appendAndSettle = (head: Head, commit: Commit, id: CommandId) =>
  CommandInbox.use((inbox) => inbox.appendAndSettle(head, commit, id, doneBy(head, commit)))

export const append = (head: Head, commit: Commit) => EventStore.use((store) => store.append(head, commit))

export const load = (command: CommentCommand) => EventStore.use((store) => store.load(command.commentId, "strong"))

/** A comment that has been posted; the head after that. */
export const postedBy = (command: CommentCommand) => {
  const head = newStream(command.commentId)
  return append(head, commitFor(head, command))
}
