import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { AuthorId, type CommentId, PictureId, Version } from "../domain/ids.ts"
import { readFailure } from "./readFailure.ts"
import type { PageRequest } from "./ReadModel.ts"
import {
  CommentView,
  FoundComment,
  HistoryEntry,
  ReadModel,
  ReadModelUnavailable,
  StreamPosition
} from "./ReadModel.ts"
import { commentStatement } from "./statements/commentStatement.ts"
import { countsStatement } from "./statements/countsStatement.ts"
import { historyStatement } from "./statements/historyStatement.ts"
import { pageStatement } from "./statements/pageStatement.ts"
import { positionsStatement } from "./statements/positionsStatement.ts"

type Rows = ReadonlyArray<Record<string, unknown>>

/** How long a statement may take, with the wait for a connection. */
const timeLimit = "5 seconds"

const answered = (statement: Effect.Effect<Rows, SqlError>) =>
  Effect.catch(statement, readFailure).pipe(
    Effect.timeoutOrElse({
      duration: timeLimit,
      orElse: () => Effect.fail(new ReadModelUnavailable({ cause: new Error(`no answer within ${timeLimit}`) }))
    })
  )

// A row that isn't what the migrations made is a defect: no later try would find another.
const decoder = <A>(schema: Schema.ConstraintDecoder<A>) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (rows: unknown): Effect.Effect<A> => Effect.orDie(decode(rows))
}

const decodeCount = decoder(Schema.Struct({ count: Schema.Int }))
const decodeComments = decoder(Schema.Array(CommentView))
const decodeComment = decoder(CommentView)
const decodeTombstone = decoder(Schema.Struct({ version: Version, pictureId: PictureId, authorId: AuthorId }))
const decodeHistory = decoder(Schema.NonEmptyArray(Schema.Struct({ authorId: AuthorId, ...HistoryEntry.fields })))
const decodeCounts = decoder(Schema.Array(Schema.Struct({ pictureId: PictureId, count: Schema.Int })))
const decodePositions = decoder(Schema.Array(StreamPosition))

const make = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  const page = Effect.fn("ReadModel.page")(function*(request: PageRequest) {
    const rows = yield* answered(pageStatement(sql, request))
    const [first] = rows
    const { count } = yield* decodeCount(first)
    const comments = yield* decodeComments(first?.["id"] === null ? [] : rows.slice(0, request.limit))
    return { comments, more: rows.length > request.limit, count }
  })

  const comment = Effect.fn("ReadModel.comment")(function*(id: CommentId) {
    const [row] = yield* answered(commentStatement(sql, id))
    if (row === undefined) return FoundComment.NeverExisted()
    return row["deleted"] === true
      ? FoundComment.Deleted(yield* decodeTombstone(row))
      : FoundComment.Visible({ comment: yield* decodeComment(row) })
  })

  const history = Effect.fn("ReadModel.history")(function*(id: CommentId) {
    const rows = yield* answered(historyStatement(sql, id))
    if (rows.length === 0) return undefined
    const entries = yield* decodeHistory(rows)
    return { authorId: entries[0].authorId, entries }
  })

  const counts = Effect.fn("ReadModel.counts")(function*(pictures: ReadonlyArray<PictureId>) {
    return yield* decodeCounts(yield* answered(countsStatement(sql, pictures)))
  })

  const positions = Effect.fn("ReadModel.positions")(function*(streams: ReadonlyArray<CommentId>) {
    return yield* decodePositions(yield* answered(positionsStatement(sql, streams)))
  })

  return ReadModel.of({ page, comment, history, counts, positions })
})

/** The read model in Postgres. A role that may only read will do. */
export const layer: Layer.Layer<ReadModel, never, SqlClient.SqlClient> = Layer.effect(ReadModel, make)
