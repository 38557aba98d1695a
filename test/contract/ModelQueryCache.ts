import { Effect } from "effect"
import { Generation, Lookup, QueryCache } from "../../src/queries/QueryCache.ts"
import type { CachedAnswer } from "../../src/queries/QueryCache.ts"
import { QueryCacheControls } from "./QueryCacheControls.ts"

/** Ways to get the protocol wrong. */
export type Mistake =
  | "a put ignores the generation"
  | "an invalidation keeps the generation"
  | "a put mints again what expired"
  | "generations are counted from 1 in each slot"

interface Slot {
  generation: Generation
  readonly answers: Map<string, CachedAnswer>
}

/** The protocol in its fewest words, right or with one mistake: what the explorer's own tests run against. */
export const makeModelQueryCache = (mistake?: Mistake) => {
  const slots = new Map<string, Slot>()
  let minted = 0
  const mint = (picture: string): Slot => {
    const number = mistake === "generations are counted from 1 in each slot" ? 1 : ++minted
    const slot: Slot = { generation: Generation.make(String(number)), answers: new Map() }
    slots.set(picture, slot)
    return slot
  }
  const slotForPut = (picture: string, generation: Generation): Slot | undefined => {
    const slot = slots.get(picture)
    if (mistake === "a put ignores the generation") return slot
    const mintsAgain = mistake === "a put mints again what expired"
    if (slot === undefined && mintsAgain) {
      const again = mint(picture)
      again.generation = generation
      return again
    }
    return slot?.generation === generation ? slot : undefined
  }
  const lose = (picture: string) => Effect.sync(() => slots.delete(picture))
  const cache = QueryCache.of({
    read: (picture, key) =>
      Effect.sync(() => {
        const slot = slots.get(picture) ?? mint(picture)
        const answer = slot.answers.get(key)
        const generation = slot.generation
        return answer === undefined ? Lookup.Miss({ generation }) : Lookup.Hit({ answer, generation })
      }),
    put: (picture, generation, key, answer) =>
      Effect.sync(() => slotForPut(picture, generation)?.answers.set(key, answer) !== undefined),
    invalidate: (pictures) =>
      Effect.sync(() => {
        for (const picture of pictures) {
          if (mistake === "an invalidation keeps the generation") slots.get(picture)?.answers.clear()
          else slots.delete(picture)
        }
      })
  })
  const controls = QueryCacheControls.of({ evict: lose, expire: lose, flush: Effect.sync(() => slots.clear()) })
  return { cache, controls }
}
