import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { CommentId, Version } from "../domain/ids.ts"
import type { Commit, EncodedCommit } from "./Commit.ts"
import type { Head } from "./Head.ts"

/** How fresh a load must be. An eventual one may miss the latest commits: only an append's condition catches that. */
export type Consistency = "eventual" | "strong"

/** Where a scan of the whole log stands. Opaque, and only good for the store that gave it. */
export const ScanCheckpoint = Schema.String.pipe(Schema.brand("ScanCheckpoint"))
export type ScanCheckpoint = typeof ScanCheckpoint.Type

/** Commits of a scan, and where it stands after them. */
export interface ScannedBatch {
  readonly commits: ReadonlyArray<EncodedCommit>
  readonly checkpoint: ScanCheckpoint
}

/** Another commit has the place. `winner` is it, when the store hands it back. */
export class VersionConflict extends Schema.TaggedError<VersionConflict>()("VersionConflict", {
  stream: CommentId,
  expectedVersion: Schema.Int,
  winner: Schema.NullOr(Schema.declare((_: unknown): _ is EncodedCommit => typeof _ === "object" && _ !== null))
}) {}

/**
 * The store can't be reached or doesn't answer. With the outcome `nothing` the log is as it was; with `unknown` the commit
 * may stand, or may still land later: only repeating the identical append settles that, reading doesn't.
 */
export class EventStoreUnavailable extends Schema.TaggedError<EventStoreUnavailable>()("EventStoreUnavailable", {
  operation: Schema.Literals(["load", "append", "readStream", "readAll", "tail"]),
  outcome: Schema.Literals(["nothing", "unknown"]),
  cause: Schema.Defect()
}) {}

/** The commit is larger than the store can hold. Nothing was stored. */
export class CommitTooLarge extends Schema.TaggedError<CommitTooLarge>()("CommitTooLarge", {
  stream: CommentId,
  bytes: Schema.Int,
  limit: Schema.Int
}) {}

/** A stored event can't be decoded: written by a newer version, or damaged. */
export class CommitUndecodable extends Schema.TaggedError<CommitUndecodable>()("CommitUndecodable", {
  stream: CommentId,
  version: Version,
  reason: Schema.String
}) {}

/**
 * The log of all that happened, one stream for each comment.
 *
 * What every layer promises (`test/contract` runs it against each, on the real engine): the log only grows; versions are
 * contiguous; a commit is stored whole or not at all; of concurrent appends to one head one wins; a long stream loads as
 * a short one does; repeating an identical append succeeds and stores nothing twice.
 */
export class EventStore extends Context.Service<EventStore, {
  /** Where the stream ends. A stream that doesn't exist has a head at version 0. */
  load(stream: CommentId, consistency: Consistency): Effect.Effect<Head, EventStoreUnavailable | CommitUndecodable>

  /**
   * Appends a commit at `head`, for which it was recorded. Fails with `VersionConflict` if the stream has gone on,
   * unless it went on with this very commit (compared by its id): then this is a repetition, and succeeds.
   */
  append(head: Head, commit: Commit): Effect.Effect<Head, VersionConflict | EventStoreUnavailable | CommitTooLarge>

  /**
   * The commits of a stream that hold `from` or a later version, oldest first, at most `limit` of them (fewer only at the
   * stream's end). Strongly consistent.
   */
  readStream(stream: CommentId, options: {
    readonly from: Version
    readonly limit: number
  }): Effect.Effect<ReadonlyArray<EncodedCommit>, EventStoreUnavailable>

  /**
   * The whole log, each stream in order, streams in any: everything acknowledged before the scan began. What is written
   * meanwhile may be missing. `after` goes on where an earlier scan stood.
   */
  readAll(after?: ScanCheckpoint): Stream.Stream<ScannedBatch, EventStoreUnavailable>
}>()("marginalia/events/EventStore") {}
