import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/**
 * The read model's tables. Migrations only ever expand, so that the programs of the version before go on working; what
 * nobody reads any more is dropped a release later.
 */
const tables = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  // One row for each stream, for ever: it outlives the comment, so that a late event can't resurrect it.
  yield* sql`
    CREATE TABLE stream_positions (
      stream uuid PRIMARY KEY,
      version integer NOT NULL DEFAULT 0 CHECK (version >= 0),
      picture_id text COLLATE "C",
      author_id text COLLATE "C",
      parked_version integer,
      parked_cause text,
      parked_payload jsonb,
      parked_at timestamptz(3),
      CHECK ((parked_version IS NULL) = (parked_at IS NULL))
    )`
  yield* sql`CREATE INDEX stream_positions_parked ON stream_positions (parked_at) WHERE parked_at IS NOT NULL`

  // A deleted comment stays as a tombstone, without its text.
  yield* sql`
    CREATE TABLE comments (
      id uuid PRIMARY KEY,
      picture_id text COLLATE "C" NOT NULL,
      author_id text COLLATE "C" NOT NULL,
      text text,
      version integer NOT NULL CHECK (version >= 1),
      created_at timestamptz(3) NOT NULL,
      edited_at timestamptz(3),
      deleted_at timestamptz(3),
      CHECK ((text IS NULL) = (deleted_at IS NOT NULL))
    )`
  yield* sql`CREATE INDEX comments_of_picture ON comments (picture_id, created_at, id) WHERE deleted_at IS NULL`
  yield* sql`CREATE INDEX comments_of_author ON comments (author_id, created_at, id) WHERE deleted_at IS NULL`

  yield* sql`
    CREATE TABLE comment_history (
      comment_id uuid NOT NULL,
      version integer NOT NULL CHECK (version >= 1),
      type text NOT NULL,
      at timestamptz(3) NOT NULL,
      text text,
      PRIMARY KEY (comment_id, version)
    )`

  // Counted as events are applied, never by scanning; a row at 0 is a picture whose comments were all deleted.
  yield* sql`
    CREATE TABLE picture_counts (
      picture_id text COLLATE "C" PRIMARY KEY,
      count integer NOT NULL CHECK (count >= 0)
    )`
  yield* sql`
    CREATE TABLE author_counts (
      author_id text COLLATE "C" PRIMARY KEY,
      count integer NOT NULL CHECK (count >= 0)
    )`

  // How far a named follower of a log has come.
  yield* sql`
    CREATE TABLE projection_checkpoints (
      name text PRIMARY KEY,
      checkpoint text NOT NULL,
      saved_at timestamptz(3) NOT NULL DEFAULT now()
    )`
})

/** The read model's migrations, in the order of their ids. */
export const readModelMigrations = {
  "0001_read_model": tables
}
