import * as Effect from "effect/Effect"
import type * as SqlClient from "effect/sql/SqlClient"
import type { AuthorId, CommentId, PictureId } from "../domain/ids.ts"
import { integers, texts, uuids } from "./columns.ts"
import { parkedPayload } from "./parkedPayload.ts"
import type { Poison } from "./plan.ts"
import type { Positions } from "./StreamPosition.ts"

interface Row {
  readonly stream: CommentId
  readonly version: number
  readonly picture_id: PictureId | null
  readonly author_id: AuthorId | null
  readonly parked: boolean
}

const fromRows = (rows: ReadonlyArray<Row>): Positions =>
  new Map(rows.map((row) => [row.stream, {
    stream: row.stream,
    version: row.version,
    pictureId: row.picture_id,
    authorId: row.author_id,
    parked: row.parked
  }]))

const columns = (sql: SqlClient.SqlClient) =>
  sql.literal("stream, version, picture_id, author_id, parked_at IS NOT NULL AS parked")

/** Positions as they are at present. A stream that was never seen has none. */
export const readPositions = (sql: SqlClient.SqlClient, streams: ReadonlyArray<CommentId>) =>
  Effect.map(
    sql<Row>`SELECT ${columns(sql)} FROM stream_positions WHERE stream = ANY(${uuids(streams)})`,
    fromRows
  )

/**
 * Gives each of these streams a position row, where it has none, and answers with those that it made: nobody else sees
 * them before the end of the transaction, so they are as good as locked.
 */
export const insertPositions = (sql: SqlClient.SqlClient, streams: ReadonlyArray<CommentId>) =>
  Effect.map(
    sql<Row>`
      INSERT INTO stream_positions (stream)
      SELECT stream FROM unnest(${uuids(streams)}) AS stream ORDER BY stream
      ON CONFLICT DO NOTHING
      RETURNING ${columns(sql)}`,
    fromRows
  )

/** Locks these streams' position rows, in order, up to the end of the transaction. */
export const lockPositions = (sql: SqlClient.SqlClient, streams: ReadonlyArray<CommentId>) =>
  Effect.map(
    sql<Row>`
      SELECT ${columns(sql)} FROM stream_positions WHERE stream = ANY(${uuids(streams)})
      ORDER BY stream FOR UPDATE`,
    fromRows
  )

// It is for people to read, whatever it was made from.
const storableCause = (cause: string) => cause.toWellFormed().replaceAll(/\p{Cc}+/gu, " ").slice(0, 500).toWellFormed()

/** Marks these streams as parked, with the commits that couldn't be projected. */
export const parkStreams = (sql: SqlClient.SqlClient, poisons: ReadonlyArray<Poison>) =>
  sql`
  UPDATE stream_positions
  SET parked_version = poison.version, parked_cause = poison.cause, parked_payload = poison.payload::jsonb, parked_at = now()
  FROM unnest(
    ${uuids(poisons.map(({ stream }) => stream))},
    ${integers(poisons.map(({ version }) => version))},
    ${texts(poisons.map(({ cause }) => storableCause(cause)))},
    ${texts(poisons.map(({ payload }) => parkedPayload(payload)))}
  ) AS poison (stream, version, cause, payload)
  WHERE stream_positions.stream = poison.stream`
