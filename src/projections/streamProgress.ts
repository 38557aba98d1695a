import * as Effect from "effect/Effect"
import type { Place, Places } from "./shardPlaces.ts"
import type { CatchUp, FollowedStream } from "./StreamCheckpoints.ts"
import { StreamCheckpoints } from "./StreamCheckpoints.ts"

/** How far the follower of a table's stream has come, of which only what changed is saved. */
export const makeProgress = Effect.fnUntraced(function*(table: string, { catchUp, places, stream }: FollowedStream) {
  const checkpoints = yield* StreamCheckpoints
  const reached = new Map(places)
  let caughtUp = catchUp
  let unsaved: { readonly shards: Set<string> } | null = null

  const remember = (shards: Iterable<string>) => {
    unsaved = { shards: new Set([...(unsaved?.shards ?? []), ...shards]) }
  }

  const save = Effect.suspend(() => {
    if (unsaved === null) return Effect.void
    const { shards } = unsaved
    unsaved = null
    const changed: Places = new Map(Array.from(reached).filter(([shard]) => shards.has(shard)))
    return Effect.onError(
      checkpoints.save(table, { stream, catchUp: caughtUp, places: changed }),
      () => Effect.sync(() => remember(shards))
    )
  })

  return {
    places: (): Places => reached,
    /** How far the scan of what lies before has come. */
    caughtUp: (now: CatchUp) =>
      Effect.sync(() => {
        caughtUp = now
        remember([])
      }),
    reached: (shard: string, place: Place) =>
      Effect.sync(() => {
        reached.set(shard, place)
        remember([shard])
      }),
    forget: (shards: ReadonlyArray<string>) =>
      Effect.suspend(() => {
        for (const shard of shards) reached.delete(shard)
        return shards.length === 0 ? Effect.void : checkpoints.forget(table, shards)
      }),
    /** Saves what has changed since it was saved last. */
    save
  }
})
