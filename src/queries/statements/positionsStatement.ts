import type * as SqlClient from "effect/sql/SqlClient"
import type { CommentId } from "../../domain/ids.ts"

/** How far the streams have been projected; no row for one that the projector hasn't heard of. */
export const positionsStatement = (sql: SqlClient.SqlClient, streams: ReadonlyArray<CommentId>) =>
  sql<Record<string, unknown>>`
    SELECT stream, version, parked_at IS NOT NULL AS parked
    FROM stream_positions
    WHERE stream = ANY(${streams}::uuid[])`
