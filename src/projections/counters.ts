import type * as SqlClient from "effect/sql/SqlClient"
import type { AuthorId, PictureId } from "../domain/ids.ts"
import type { Deltas } from "./changes.ts"
import { integers, texts } from "./columns.ts"

// `ON CONFLICT DO UPDATE` locks a row that is there even where its condition leaves the row alone (PostgreSQL, INSERT), so
// one statement adds what is missing and locks everything, in one order that all transactions share.

/** Locks these pictures' counters, in order. Those that don't exist begin at 0. */
export const lockPictures = (sql: SqlClient.SqlClient, pictures: Iterable<PictureId>) =>
  sql`
  INSERT INTO picture_counts (picture_id, count)
  SELECT picture, 0 FROM unnest(${texts(Array.from(pictures))}) AS picture ORDER BY picture COLLATE "C"
  ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count WHERE false`

/** Locks these authors' counters, in order. Those that don't exist begin at 0. */
export const lockAuthors = (sql: SqlClient.SqlClient, authors: Iterable<AuthorId>) =>
  sql`
  INSERT INTO author_counts (author_id, count)
  SELECT author, 0 FROM unnest(${texts(Array.from(authors))}) AS author ORDER BY author COLLATE "C"
  ON CONFLICT (author_id) DO UPDATE SET count = author_counts.count WHERE false`

const deltaColumns = (deltas: Deltas<string>) => {
  const changes = Array.from(deltas).filter(([, delta]) => delta !== 0)
  return { ids: texts(changes.map(([id]) => id)), deltas: integers(changes.map(([, delta]) => delta)) }
}

/** Adds deltas to counters that this transaction has locked. */
export const addDeltas = (sql: SqlClient.SqlClient, byPicture: Deltas<PictureId>, byAuthor: Deltas<AuthorId>) => {
  const pictures = deltaColumns(byPicture)
  const authors = deltaColumns(byAuthor)
  return sql`
    WITH pictures AS (
      UPDATE picture_counts SET count = count + added.delta
      FROM unnest(${pictures.ids}, ${pictures.deltas}) AS added (picture_id, delta)
      WHERE picture_counts.picture_id = added.picture_id
    )
    UPDATE author_counts SET count = count + added.delta
    FROM unnest(${authors.ids}, ${authors.deltas}) AS added (author_id, delta)
    WHERE author_counts.author_id = added.author_id`
}

/**
 * Adds deltas of 0 and more to counters, which are locked by that, in order: the main statement's come first, those of the
 * `WITH` that it doesn't read after them. Those that don't exist begin at 0.
 */
export const raiseCounters = (
  sql: SqlClient.SqlClient,
  byPicture: Deltas<PictureId>,
  byAuthor: Deltas<AuthorId>
) =>
  sql`
    WITH authors AS (
      INSERT INTO author_counts (author_id, count)
      SELECT author, delta
      FROM unnest(${texts(Array.from(byAuthor.keys()))}, ${
    integers(Array.from(byAuthor.values()))
  }) AS added (author, delta)
      ORDER BY author COLLATE "C"
      ON CONFLICT (author_id) DO UPDATE SET count = author_counts.count + excluded.count
    )
    INSERT INTO picture_counts (picture_id, count)
    SELECT picture, delta
    FROM unnest(${texts(Array.from(byPicture.keys()))}, ${
    integers(Array.from(byPicture.values()))
  }) AS added (picture, delta)
    ORDER BY picture COLLATE "C"
    ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count + excluded.count`
