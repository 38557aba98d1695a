import type { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import type { CommentText } from "../../../src/domain/CommentText.ts"
import type { AuthorId, CommentId, PictureId, Timestamp, Version } from "../../../src/domain/ids.ts"
import { snapshotEvery } from "../../../src/events/snapshotPolicy.ts"

/** A commit as the bare log gives it back: what the statement says, taken at its word. */
export interface BareCommit {
  readonly stream: CommentId
  readonly version: Version
  readonly lastVersion: Version
  readonly events: ReadonlyArray<{
    readonly type: "CommentPosted" | "CommentEdited"
    readonly at: Timestamp
    readonly data: { readonly pictureId?: PictureId; readonly authorId?: AuthorId; readonly text: CommentText }
  }>
  readonly transactionId: string
  readonly position: string
}

/** What is written for one commit. */
export interface BareEvent {
  readonly stream: string
  readonly version: number
  readonly type: "CommentPosted" | "CommentEdited"
  readonly by: string
  readonly at: number
  readonly data: unknown
}

// As long as the program's own: it says when the comment was posted, and by which commands it was changed, of which the
// last 16 are kept, in 17 bytes each, all as base64url.
const packedAt = (version: number): string => "A".repeat(8 + Math.ceil((Math.min(version - 1, 16) * 17 * 4) / 3))

/** The statements of the event log, as `PostgresEventStore` and `PostgresEventTail` issue them. */
export const bareLog = (sql: SqlClient.SqlClient) => ({
  /** The append of one commit with one event, and a snapshot. */
  insert: ({ at, by, data, stream, type, version }: BareEvent) => {
    const event = { id: randomUUID(), type, schema: 1, at, by, command: randomUUID(), correlation: randomUUID(), data }
    return sql`
      INSERT INTO commits (stream, version, last_version, commit_id, events, snapshot)
      VALUES (${stream}, ${version}, ${version}, ${randomUUID()}, ${JSON.stringify([event])},
              ${JSON.stringify({ schema: 1, picture: "picture-000", packed: packedAt(version) })})
      ON CONFLICT (stream, version) DO NOTHING
      RETURNING version`
  },

  /** The load of a stream's head. */
  load: (stream: string) =>
    sql<BareCommit>`
      SELECT commit_id AS id, stream, version, last_version AS "lastVersion", events, snapshot FROM commits
      WHERE stream = ${stream} AND version < ${2 ** 31 - 1}
      ORDER BY version DESC LIMIT ${snapshotEvery}`,

  /** The tail's read of what follows a place. */
  tail: (transactionId: string, position: string) =>
    sql<BareCommit>`
      SELECT commit_id AS id, stream, version, last_version AS "lastVersion", events, snapshot,
             transaction_id::text AS "transactionId", position::text AS position
      FROM commits
      WHERE (transaction_id, position) > (${transactionId}::xid8, ${position}::bigint)
        AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY transaction_id, position LIMIT ${500}`
})
