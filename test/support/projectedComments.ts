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

// Each change is one statement: all of it is there at once, as it is after the projector's transaction.
const run = (statement: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, SqlError.SqlError>) =>
  SqlClient.SqlClient.use((sql) => Effect.orDie(Effect.asVoid(statement(sql))))

/** Leaves in the read model what the projector leaves there when a comment was posted. */
export const postComment = ({ at, author, id, picture, text }: PostedComment) =>
  run((sql) =>
    sql`
      WITH comment AS (
        INSERT INTO comments (id, picture_id, author_id, text, version, created_at)
        VALUES (${id}, ${picture}, ${author}, ${text}, 1, ${PgTypes.timestamptz(at)})
        RETURNING *
      ), history AS (
        INSERT INTO comment_history (comment_id, version, type, at, text)
        SELECT id, version, 'CommentPosted', created_at, text FROM comment
      ), position AS (
        INSERT INTO stream_positions (stream, version, picture_id, author_id)
        SELECT id, version, picture_id, author_id FROM comment
      ), of_picture AS (
        INSERT INTO picture_counts (picture_id, count) SELECT picture_id, 1 FROM comment
        ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count + 1
      )
      INSERT INTO author_counts (author_id, count) SELECT author_id, 1 FROM comment
      ON CONFLICT (author_id) DO UPDATE SET count = author_counts.count + 1`
  )

/** The same for an edit. */
export const editComment = (id: CommentId, text: string, at: number) =>
  run((sql) =>
    sql`
      WITH comment AS (
        UPDATE comments SET text = ${text}, version = version + 1, edited_at = ${PgTypes.timestamptz(at)}
        WHERE id = ${id}
        RETURNING *
      ), history AS (
        INSERT INTO comment_history (comment_id, version, type, at, text)
        SELECT id, version, 'CommentEdited', edited_at, text FROM comment
      )
      UPDATE stream_positions SET version = comment.version FROM comment WHERE stream = comment.id`
  )

/** The same for a deletion. */
export const deleteComment = (id: CommentId, at: number) =>
  run((sql) =>
    sql`
      WITH comment AS (
        UPDATE comments SET text = NULL, version = version + 1, deleted_at = ${PgTypes.timestamptz(at)}
        WHERE id = ${id}
        RETURNING *
      ), history AS (
        INSERT INTO comment_history (comment_id, version, type, at)
        SELECT id, version, 'CommentDeleted', deleted_at FROM comment
      ), position AS (
        UPDATE stream_positions SET version = comment.version FROM comment WHERE stream = comment.id
      ), of_picture AS (
        UPDATE picture_counts SET count = count - 1 FROM comment WHERE picture_counts.picture_id = comment.picture_id
      )
      UPDATE author_counts SET count = count - 1 FROM comment WHERE author_counts.author_id = comment.author_id`
  )

/** The same for a stream that can't be projected beyond the version that it has reached (0 for a stream unheard of). */
export const parkStream = (id: CommentId) =>
  run((sql) =>
    sql`
      INSERT INTO stream_positions (stream, version, parked_version, parked_cause, parked_at)
      VALUES (${id}, 0, 1, 'it would not decode', now())
      ON CONFLICT (stream) DO UPDATE
      SET parked_version = stream_positions.version + 1, parked_cause = 'it would not decode', parked_at = now()`
  )
