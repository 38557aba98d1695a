import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { PictureId } from "../domain/ids.ts"

/** How many answers about one picture are cached at most: pages, and the count. */
export const maxEntriesPerPicture = 32

/** How long what was read after a miss may be served, counted from the miss. No put extends it. */
export const timeToLiveSeconds = 30

/** Which answer about a picture: the count, or a page by its order, limit and cursor, as one short string. */
export const EntryKey = Schema.String.pipe(Schema.brand("EntryKey"))
export type EntryKey = typeof EntryKey.Type

/** Minted by a miss, never reused, and gone with the next invalidation. */
export const Generation = Schema.String.pipe(Schema.brand("Generation"))
export type Generation = typeof Generation.Type

/** An answer as it goes to the socket: not parsed and not encoded again. */
export interface CachedAnswer {
  /** UTF-8 JSON. */
  readonly body: Uint8Array
  /** Quoted, as the header wants it. */
  readonly etag: string
  /** The cursor that the `Link` header and `nextCursor` carry; null on the last page, and for a count. */
  readonly nextCursor: string | null
}

/** What a look-up finds. After a miss, a put needs the generation that the miss gave. */
export type Lookup = Data.TaggedEnum<{
  Hit: { readonly answer: CachedAnswer; readonly generation: Generation }
  Miss: { readonly generation: Generation }
}>
export const Lookup = Data.taggedEnum<Lookup>()

/** The cache can't be reached, or was too slow. Never a reason to fail a query. */
export class QueryCacheUnavailable extends Schema.TaggedError<QueryCacheUnavailable>()("QueryCacheUnavailable", {
  operation: Schema.Literals(["read", "put", "invalidate"]),
  cause: Schema.Defect()
}) {}

/**
 * Cache-aside with leases, one slot for each picture. Right under races because a put only lands when no invalidation
 * (nor eviction, expiry, flush) came between the miss and it: the miss mints a generation, one that is never used again, if there is none, a put
 * needs it to be present and equal, an invalidation removes it.
 */
export class QueryCache extends Context.Service<QueryCache, {
  /** One step: the answer, or a miss that has minted a generation where there was none. */
  read(picture: PictureId, key: EntryKey): Effect.Effect<Lookup, QueryCacheUnavailable>

  /** One step: stores the answer if the generation still stands, and tells whether it did. */
  put(
    picture: PictureId,
    generation: Generation,
    key: EntryKey,
    answer: CachedAnswer
  ): Effect.Effect<boolean, QueryCacheUnavailable>

  /** Forgets all answers about these pictures, with their generations. */
  invalidate(pictures: ReadonlyArray<PictureId>): Effect.Effect<void, QueryCacheUnavailable>
}>()("marginalia/queries/QueryCache") {}
