import type * as SqlClient from "effect/sql/SqlClient"
import type { CommentId } from "../../domain/ids.ts"

/** A comment or its tombstone; no row for a comment that never existed. */
export const commentStatement = (sql: SqlClient.SqlClient, id: CommentId) =>
  sql<Record<string, unknown>>`
    SELECT id, picture_id AS "pictureId", author_id AS "authorId", text, version,
           created_at AS "createdAt", edited_at AS "editedAt", deleted_at IS NOT NULL AS deleted
    FROM comments
    WHERE id = ${id}`
