import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { EncodedCommit } from "./Commit.ts"
import type { EventStoreUnavailable } from "./EventStore.ts"

/** A place in the log's total order. Opaque, and only good for the store that gave it. */
export const TailCheckpoint = Schema.String.pipe(Schema.brand("TailCheckpoint"))
export type TailCheckpoint = typeof TailCheckpoint.Type

/** Commits in the log's order, and the place after the last of them. */
export interface TailedBatch {
  readonly commits: ReadonlyArray<EncodedCommit>
  readonly checkpoint: TailCheckpoint
}

/**
 * A log that can be followed in one total order: no commit ever becomes readable before a checkpoint that has been given
 * out, so following it loses nothing, however many write at once.
 */
export class EventTail extends Context.Service<EventTail, {
  /** Before the first commit. */
  readonly beginning: TailCheckpoint

  /** After the last commit that can be read at present. */
  readonly present: Effect.Effect<TailCheckpoint, EventStoreUnavailable>

  /** At most `limit` commits after a place. No commits: nothing more can be read at present. */
  read(after: TailCheckpoint, limit: number): Effect.Effect<TailedBatch, EventStoreUnavailable>

  /**
   * Waits until something may have been appended since the last call ended: at once after an append through the store in
   * this process, otherwise (a writer elsewhere) after `atMost`.
   */
  awaitAppend(atMost: Duration.Input): Effect.Effect<void>
}>()("marginalia/events/EventTail") {}
