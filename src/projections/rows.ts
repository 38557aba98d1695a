import type * as SqlClient from "effect/sql/SqlClient"
import type { Changes } from "./changes.ts"
import { instants, integers, texts, uuids } from "./columns.ts"

/**
 * Writes comments, history and positions, all in one statement. Answers how many rows of `changed` it found: fewer than
 * there are means that a comment isn't there or has been deleted, and then the transaction must not be committed.
 *
 * A new comment is a plain insert: under the lock of a position at version 0 there is no row, and if there is one all the
 * same then the counts have it already. The keys of what is updated are named once more as an array: joined with `unnest`
 * alone, a table that has grown since it was last analysed is read as a whole.
 */
export const writeRows = (sql: SqlClient.SqlClient, { changed, history, positions, posted }: Changes) =>
  sql<{
    readonly changed: number
  }>`
  WITH posted AS (
    INSERT INTO comments (id, picture_id, author_id, text, version, created_at, edited_at, deleted_at)
    SELECT * FROM unnest(
      ${uuids(posted.map(({ id }) => id))},
      ${texts(posted.map(({ pictureId }) => pictureId))},
      ${texts(posted.map(({ authorId }) => authorId))},
      ${texts(posted.map(({ text }) => text))},
      ${integers(posted.map(({ version }) => version))},
      ${instants(posted.map(({ createdAt }) => createdAt))},
      ${instants(posted.map(({ editedAt }) => editedAt))},
      ${instants(posted.map(({ deletedAt }) => deletedAt))}
    )
  ), changed AS (
    UPDATE comments
    SET version = now.version, text = now.text,
        edited_at = coalesce(now.edited_at, comments.edited_at), deleted_at = now.deleted_at
    FROM unnest(
      ${uuids(changed.map(({ id }) => id))},
      ${integers(changed.map(({ version }) => version))},
      ${texts(changed.map(({ text }) => text))},
      ${instants(changed.map(({ editedAt }) => editedAt))},
      ${instants(changed.map(({ deletedAt }) => deletedAt))}
    ) AS now (id, version, text, edited_at, deleted_at)
    WHERE comments.id = ANY(${uuids(changed.map(({ id }) => id))})
      AND comments.id = now.id AND comments.deleted_at IS NULL
    RETURNING 1
  ), history AS (
    INSERT INTO comment_history (comment_id, version, type, at, text)
    SELECT * FROM unnest(
      ${uuids(history.map(({ commentId }) => commentId))},
      ${integers(history.map(({ version }) => version))},
      ${texts(history.map(({ type }) => type))},
      ${instants(history.map(({ at }) => at))},
      ${texts(history.map(({ text }) => text))}
    )
  ), positions AS (
    UPDATE stream_positions
    SET version = now.version, picture_id = now.picture_id, author_id = now.author_id,
        parked_version = NULL, parked_cause = NULL, parked_payload = NULL, parked_at = NULL
    FROM unnest(
      ${uuids(positions.map(({ stream }) => stream))},
      ${integers(positions.map(({ version }) => version))},
      ${texts(positions.map(({ pictureId }) => pictureId))},
      ${texts(positions.map(({ authorId }) => authorId))}
    ) AS now (stream, version, picture_id, author_id)
    WHERE stream_positions.stream = ANY(${uuids(positions.map(({ stream }) => stream))})
      AND stream_positions.stream = now.stream
  )
  SELECT count(*)::int AS changed FROM changed`
