import * as Context from "effect/Context"
import type { PictureId } from "../domain/ids.ts"
import type { CachedAnswer, EntryKey } from "./QueryCache.ts"

/**
 * A look at a cache that lies in this process's memory: for those who would answer a hit at once, and leave everything
 * else to the queries. A look is no miss: it mints no generation.
 */
export class CachedAnswers extends Context.Service<CachedAnswers, {
  peek(picture: PictureId, key: EntryKey): CachedAnswer | undefined
}>()("marginalia/queries/CachedAnswers") {}
