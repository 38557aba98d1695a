import { Context, Effect, Layer, Ref } from "effect"
import type { PictureId } from "../../src/domain/ids.ts"
import { QueryCache, type QueryCacheUnavailable } from "../../src/queries/QueryCache.ts"

/** A cache that remembers which pictures it was told to forget, and fails or hangs when a test wants it to. */
export class RecordingCache extends Context.Service<RecordingCache, {
  /** Each call, in order, those that failed among them. */
  readonly invalidations: Ref.Ref<ReadonlyArray<ReadonlyArray<PictureId>>>
  /** What becomes of the next calls. */
  readonly behaviour: Ref.Ref<Effect.Effect<void, QueryCacheUnavailable>>
}>()("marginalia/test/support/RecordingCache") {
  static readonly layer: Layer.Layer<RecordingCache | QueryCache> = Layer.effectContext(
    Effect.gen(function*() {
      const invalidations = yield* Ref.make<ReadonlyArray<ReadonlyArray<PictureId>>>([])
      const behaviour = yield* Ref.make<Effect.Effect<void, QueryCacheUnavailable>>(Effect.void)
      const cache = QueryCache.of({
        read: () => Effect.die(new Error("projections read no answers")),
        put: () => Effect.die(new Error("projections put no answers")),
        invalidate: (pictures) =>
          Ref.update(invalidations, (calls) => [...calls, pictures]).pipe(
            Effect.andThen(Effect.flatten(Ref.get(behaviour)))
          )
      })
      return Context.make(RecordingCache, RecordingCache.of({ invalidations, behaviour })).pipe(
        Context.add(QueryCache, cache)
      )
    })
  )

  /** What the cache was told to forget since the last time this was asked. */
  static readonly taken = Effect.flatMap(RecordingCache, ({ invalidations }) => Ref.getAndSet(invalidations, []))
}
