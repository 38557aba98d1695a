import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { AuthorId, CommentId, PictureId } from "../../../src/domain/ids.ts"
import type { FinalRows } from "../../simulation/history/History.ts"

const Comments = Schema.Array(Schema.Struct({
  id: CommentId,
  picture: PictureId,
  author: AuthorId,
  text: Schema.NullOr(Schema.String),
  version: Schema.Int,
  created: Schema.Int,
  edited: Schema.NullOr(Schema.Int),
  deleted: Schema.NullOr(Schema.Int)
}))

const Histories = Schema.Array(Schema.Struct({
  id: CommentId,
  version: Schema.Int,
  type: Schema.String,
  at: Schema.Int,
  text: Schema.NullOr(Schema.String)
}))

const Positions = Schema.Array(Schema.Struct({ stream: CommentId, version: Schema.Int, parked: Schema.Boolean }))
const Pictures = Schema.Array(Schema.Struct({ id: PictureId, count: Schema.Int }))
const Authors = Schema.Array(Schema.Struct({ id: AuthorId, count: Schema.Int }))

const milliseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`

const read = <S extends Schema.Constraint>(schema: S, statement: string) =>
  SqlClient.SqlClient.pipe(
    Effect.flatMap((sql) => sql.unsafe(statement)),
    Effect.flatMap(Schema.decodeUnknownEffect(schema))
  )

/** Where the read model stands. */
export const readPositions = read(
  Positions,
  "SELECT stream, version, parked_at IS NOT NULL AS parked FROM stream_positions"
)

/** All rows of the read model, as the checker wants them. */
export const readRows = Effect.gen(function*() {
  const rows: FinalRows = {
    comments: yield* read(
      Comments,
      `SELECT id, picture_id AS picture, author_id AS author, text, version, ${milliseconds("created_at")} AS created,
        ${milliseconds("edited_at")} AS edited, ${milliseconds("deleted_at")} AS deleted FROM comments`
    ),
    history: yield* read(
      Histories,
      `SELECT comment_id AS id, version, type, ${milliseconds("at")} AS at, text FROM comment_history`
    ),
    positions: yield* readPositions,
    pictures: new Map(
      (yield* read(Pictures, "SELECT picture_id AS id, count FROM picture_counts")).map(({ count, id }) => [id, count])
    ),
    authors: new Map(
      (yield* read(Authors, "SELECT author_id AS id, count FROM author_counts")).map(({ count, id }) => [id, count])
    )
  }
  return rows
})
