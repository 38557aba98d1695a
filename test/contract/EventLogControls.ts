import { Context, type Effect } from "effect"
import type { EncodedCommit } from "../../src/events/Commit.ts"

/** What a test does to a log past the store, and what it sees of the store's work. Each layer brings its own way. */
export class EventLogControls extends Context.Service<EventLogControls, {
  /** Puts commits into the log as they are, whatever is in them. */
  plant(commits: ReadonlyArray<EncodedCommit>): Effect.Effect<void>

  /** How many commits the store gets out of its engine for an effect. */
  commitsReadBy<E, R>(effect: Effect.Effect<unknown, E, R>): Effect.Effect<number, E, R>
}>()("marginalia/test/contract/EventLogControls") {}
