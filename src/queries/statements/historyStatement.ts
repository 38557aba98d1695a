import type * as SqlClient from "effect/sql/SqlClient"
import type { CommentId } from "../../domain/ids.ts"

/** What happened to a comment, oldest first, with its author in each row; no row for a comment that never existed. */
export const historyStatement = (sql: SqlClient.SqlClient, id: CommentId) =>
  sql<Record<string, unknown>>`
    SELECT comments.author_id AS "authorId", history.version, history.type, history.at, history.text
    FROM comments
    JOIN comment_history AS history ON history.comment_id = comments.id
    WHERE comments.id = ${id}
    ORDER BY history.version`
