import { Effect, Layer, Random } from "effect"
import type { CommentId } from "../../src/domain/ids.ts"
import { Version } from "../../src/domain/ids.ts"
import { EventStore } from "../../src/events/EventStore.ts"
import { fold } from "../../src/events/internal/fold.ts"

/**
 * How many of a stream's commits, the oldest ones, an eventually consistent load gets to see. It is asked at each of them
 * with the number that there are.
 */
export type Staleness = (commits: number, stream: CommentId) => Effect.Effect<number>

/** Any prefix, the whole stream and nothing among them. Seed it with `Random.withSeed`. */
export const anyPrefix: Staleness = (commits) => Random.nextIntBetween(0, commits)

/** All but the last commits, as many as there are. */
export const allButTheLast = (missing: number): Staleness => (commits) => Effect.succeed(Math.max(0, commits - missing))

/** Nothing of any stream. */
export const nothing: Staleness = () => Effect.succeed(0)

const everything = { from: Version.make(1), limit: Number.MAX_SAFE_INTEGER }

/**
 * A store like the one under it, but for its eventually consistent loads: they return whichever earlier head of the stream
 * is chosen. Strongly consistent ones are true, and so is everything else.
 */
export const layer = (choose: Staleness): Layer.Layer<EventStore, never, EventStore> =>
  Layer.effect(
    EventStore,
    Effect.gen(function*() {
      const store = yield* EventStore
      const load: typeof store.load = Effect.fnUntraced(function*(stream, consistency) {
        if (consistency === "strong") return yield* store.load(stream, consistency)
        const commits = yield* store.readStream(stream, everything)
        const seen = commits.slice(0, yield* choose(commits.length, stream))
        const folded = yield* Effect.fromResult(fold(stream, seen.toReversed()))
        if (folded._tag === "Complete") return folded.head
        return yield* Effect.die(new Error(`the first commits of ${stream} make no stream`))
      })
      return EventStore.of({ ...store, load })
    })
  )
