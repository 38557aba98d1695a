import * as Context from "effect/Context"
import type { PictureId } from "../domain/ids.ts"
import type { CachedAnswer, EntryKey } from "./QueryCache.ts"

/**
 * A look at a cache that several processes share: for those who would answer a hit with as little ado as can be, and leave
 * everything else to the queries. A look is no miss: it mints no generation.
 */
export class SharedAnswers extends Context.Service<SharedAnswers, {
  /** Never rejects: a cache that is down or slow has no answer. */
  find(picture: PictureId, key: EntryKey): Promise<CachedAnswer | undefined>
}>()("marginalia/queries/SharedAnswers") {}
