import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SqlClient from "effect/sql/SqlClient"
import { CommentId } from "../domain/ids.ts"

/** A stream that waits for somebody to mend what is wrong with one of its events. */
export const ParkedStream = Schema.Struct({
  stream: CommentId,
  /** The version that the read model has reached. */
  position: Schema.Int,
  /** The first version that could not be projected. */
  version: Schema.Int,
  /** Short, and without anything that a person wrote. */
  cause: Schema.String,
  /** The commit that could not be projected, as it lies in the log; a JSON string of it where it can't be stored as it is. */
  payload: Schema.Unknown,
  parkedAt: Schema.Date
})
export type ParkedStream = typeof ParkedStream.Type

/** A place in the list of parked streams. */
export type ParkedPlace = Pick<ParkedStream, "parkedAt" | "stream">

/** How many streams are parked: out of an index that holds them and no others. */
export const countParked = (sql: SqlClient.SqlClient) =>
  sql`SELECT count(*)::integer AS parked FROM stream_positions WHERE parked_at IS NOT NULL`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ parked: Schema.Int })]))),
    Effect.map(([{ parked }]) => parked)
  )

/** The longest parked streams first, after a place; of those parked before an instant. */
export const listParked = (
  sql: SqlClient.SqlClient,
  { after, before, limit }: { readonly limit: number; readonly after?: ParkedPlace; readonly before?: Date }
) =>
  sql`
    SELECT stream, version AS position, parked_version AS version, parked_cause AS cause, parked_payload AS payload,
           parked_at AS "parkedAt"
    FROM stream_positions
    WHERE parked_at IS NOT NULL
      AND ${before === undefined ? sql`true` : sql`parked_at < ${before}`}
      AND ${after === undefined ? sql`true` : sql`(parked_at, stream) > (${after.parkedAt}, ${after.stream})`}
    ORDER BY parked_at, stream LIMIT ${limit}`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(ParkedStream)))
  )
