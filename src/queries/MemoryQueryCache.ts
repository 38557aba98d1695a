import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { CachedAnswers } from "./CachedAnswers.ts"
import { PictureSlots } from "./PictureSlots.ts"
import { QueryCache } from "./QueryCache.ts"

/** How much memory the cached answers may take, unless said otherwise. */
export const defaultMaxBytes = 64 * 1024 * 1024

/** The cache over some slots. Its effects are synchronous, and a hit allocates next to nothing. */
export const fromSlots = (
  slots: PictureSlots,
  clock: Pick<Clock.Clock, "currentTimeMillisUnsafe">
): QueryCache["Service"] =>
  QueryCache.of({
    read: (picture, key) => Effect.sync(() => slots.read(picture, key, clock.currentTimeMillisUnsafe())),
    put: (picture, generation, key, answer) =>
      Effect.sync(() => slots.put(picture, generation, key, answer, clock.currentTimeMillisUnsafe())),
    invalidate: (pictures) => Effect.sync(() => pictures.forEach((picture) => slots.forget(picture)))
  })

/**
 * The query cache in this process's memory: for the one process that both projects and queries, since nobody else's
 * invalidation reaches it. `maxBytes` bounds it over all pictures; the least recently used make room.
 */
export const layer = (options?: { readonly maxBytes?: number }): Layer.Layer<QueryCache | CachedAnswers> =>
  Layer.effectContext(
    Effect.map(Clock.Clock, (clock) => {
      const slots = new PictureSlots(options?.maxBytes ?? defaultMaxBytes)
      return Context.make(QueryCache, fromSlots(slots, clock)).pipe(
        Context.add(CachedAnswers, {
          peek: (picture, key) => slots.peek(picture, key, clock.currentTimeMillisUnsafe())
        })
      )
    })
  )
