import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import type { AuthorId, CommentId, PictureId } from "../../src/domain/ids.ts"

/** A comment as somebody posts it. Times are milliseconds. */
export interface PostedComment {
  readonly id: CommentId
  readonly picture: PictureId
  readonly author: AuthorId
  readonly text: string
  readonly at: number
}

const inTransaction = (
  statements: (sql: SqlClient.SqlClient) => ReadonlyArray<Effect.Effect<unknown, SqlError.SqlError>>
) =>
  SqlClient.SqlClient.use((sql) =>
    Effect.orDie(sql.withTransaction(Effect.forEach(statements(sql), (statement) => statement, { discard: true })))
  )

const history = (
  sql: SqlClient.SqlClient,
  id: CommentId,
  type: string,
  at: number,
  text: string | null
) =>
  sql`
  INSERT INTO comment_history (comment_id, version, type, at, text)
  SELECT id, version, ${type}, ${PgTypes.timestamptz(at)}, ${text} FROM comments WHERE id = ${id}`

const position = (sql: SqlClient.SqlClient, id: CommentId) =>
  sql`
  INSERT INTO stream_positions (stream, version, picture_id, author_id)
  SELECT id, version, picture_id, author_id FROM comments WHERE id = ${id}
  ON CONFLICT (stream) DO UPDATE SET version = excluded.version`

/** Leaves in the read model what the projector leaves there when a comment was posted. */
export const postComment = ({ at, author, id, picture, text }: PostedComment) =>
  inTransaction((sql) => [
    sql`
      INSERT INTO comments (id, picture_id, author_id, text, version, created_at)
      VALUES (${id}, ${picture}, ${author}, ${text}, 1, ${PgTypes.timestamptz(at)})`,
    history(sql, id, "CommentPosted", at, text),
    position(sql, id),
    sql`
      INSERT INTO picture_counts (picture_id, count) VALUES (${picture}, 1)
      ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count + 1`,
    sql`
      INSERT INTO author_counts (author_id, count) VALUES (${author}, 1)
      ON CONFLICT (author_id) DO UPDATE SET count = author_counts.count + 1`
  ])

/** The same for an edit. */
export const editComment = (id: CommentId, text: string, at: number) =>
  inTransaction((sql) => [
    sql`UPDATE comments SET text = ${text}, version = version + 1, edited_at = ${
      PgTypes.timestamptz(at)
    } WHERE id = ${id}`,
    history(sql, id, "CommentEdited", at, text),
    position(sql, id)
  ])

/** The same for a deletion. */
export const deleteComment = (id: CommentId, at: number) =>
  inTransaction((sql) => [
    sql`
      UPDATE comments SET text = NULL, version = version + 1, deleted_at = ${PgTypes.timestamptz(at)} WHERE id = ${id}`,
    history(sql, id, "CommentDeleted", at, null),
    position(sql, id),
    sql`
      UPDATE picture_counts SET count = count - 1
      WHERE picture_id = (SELECT picture_id FROM comments WHERE id = ${id})`,
    sql`
      UPDATE author_counts SET count = count - 1
      WHERE author_id = (SELECT author_id FROM comments WHERE id = ${id})`
  ])

/** The same for a stream that can't be projected beyond the version that it has reached (0 for a stream unheard of). */
export const parkStream = (id: CommentId) =>
  inTransaction((sql) => [
    sql`
      INSERT INTO stream_positions (stream, version, parked_version, parked_cause, parked_at)
      VALUES (${id}, 0, 1, 'it would not decode', now())
      ON CONFLICT (stream) DO UPDATE
      SET parked_version = stream_positions.version + 1, parked_cause = 'it would not decode', parked_at = now()`
  ])
