import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { CommandId, type Timestamp } from "../domain/ids.ts"
import type { Commit } from "../events/Commit.ts"
import type { CommitTooLarge, EventStoreUnavailable, VersionConflict } from "../events/EventStore.ts"
import type { Head } from "../events/Head.ts"
import type { DoneOutcome, InboxEntry, InboxOutcome } from "./InboxEntry.ts"

/** How long an entry is kept, from its acceptance, in milliseconds. It may still be seen for a while after that. */
export const keptFor = 7 * 24 * 60 * 60 * 1000

/**
 * The inbox can't be reached or doesn't answer. With the outcome `nothing` it is as it was; with `unknown` the entry may
 * have been written, or may still be: repeating the same settles that.
 */
export class InboxUnavailable extends Schema.TaggedError<InboxUnavailable>()("InboxUnavailable", {
  operation: Schema.Literals(["accept", "find", "settle", "stale"]),
  outcome: Schema.Literals(["nothing", "unknown"]),
  cause: Schema.Defect()
}) {}

/** An entry can't be decoded: written by a newer version, or damaged. It is left as it is. */
export class EntryUndecodable extends Schema.TaggedError<EntryUndecodable>()("EntryUndecodable", {
  id: CommandId,
  reason: Schema.String
}) {}

/** The entry isn't pending any more: another delivery has settled it, or its time is over. Nothing was appended. */
export class AlreadySettled extends Schema.TaggedError<AlreadySettled>()("AlreadySettled", { id: CommandId }) {}

/** An entry that waits to be run, and since when. */
export interface Waiting {
  readonly id: CommandId
  readonly acceptedAt: Timestamp
}

/**
 * Commands that were accepted to be decided later, and what came of them.
 *
 * What every layer promises (`test/contract` runs it against each, on the real engine): an entry is accepted once; it goes
 * from pending to one outcome, once, whoever tries how often at once; the events of a command and its being done are
 * stored together or not at all; what has been answered is seen by whoever looks then.
 */
export class CommandInbox extends Context.Service<CommandInbox, {
  /** Stores an entry as pending, under its command's id, and gives null; or gives the entry that is there already, and changes nothing. */
  accept(entry: InboxEntry): Effect.Effect<InboxEntry | null, InboxUnavailable | EntryUndecodable>

  /** The entry of a command. Strongly consistent. */
  find(id: CommandId): Effect.Effect<Option.Option<InboxEntry>, InboxUnavailable | EntryUndecodable>

  /** Says what came of a pending entry, and tells whether it did: not where it was settled before, be it by an earlier try. */
  settle(id: CommandId, outcome: InboxOutcome): Effect.Effect<boolean, InboxUnavailable>

  /**
   * Appends as `EventStore.append` does, and says in the same transaction that a pending entry is done. Repeating it with
   * the identical commit succeeds, and does nothing twice.
   */
  appendAndSettle(
    head: Head,
    commit: Commit,
    id: CommandId,
    outcome: DoneOutcome
  ): Effect.Effect<Head, VersionConflict | AlreadySettled | EventStoreUnavailable | CommitTooLarge>

  /** Entries that have been pending since before a time, at most `limit` of them, the oldest of those that it comes upon first. May have missed what changed lately. */
  stale(before: Timestamp, limit: number): Effect.Effect<ReadonlyArray<Waiting>, InboxUnavailable>
}>()("marginalia/commands/CommandInbox") {}
