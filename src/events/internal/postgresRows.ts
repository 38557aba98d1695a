import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import { CommentId, CommitId, Version } from "../../domain/ids.ts"
import type { EncodedCommit } from "../Commit.ts"
import type { LogPlace } from "./logPlace.ts"

const Row = Schema.Struct({
  id: CommitId,
  stream: CommentId,
  version: Version,
  lastVersion: Version,
  events: Schema.Array(Schema.Unknown),
  snapshot: Schema.Unknown
})

const PlacedRow = Schema.Struct({ ...Row.fields, transactionId: Schema.String, positionText: Schema.String })

/** The columns of a commit. */
export const commitColumns = (sql: SqlClient) =>
  sql.literal(`commit_id AS id, stream, version, last_version AS "lastVersion", events, snapshot`)

/** The columns of a commit, and its place in the log: under names that aren't the columns' own, which sort as numbers. */
export const placedColumns = (sql: SqlClient) =>
  sql`${commitColumns(sql)}, transaction_id::text AS "transactionId", position::text AS "positionText"`

// The table's constraints see to it that every row decodes, so one that doesn't is a defect.
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))
const decodePlacedRows = Schema.decodeUnknownEffect(Schema.Array(PlacedRow))

/** Commits in the order of the log, and the place of the last of them; null if there are none. */
export interface PlacedCommits {
  readonly commits: ReadonlyArray<EncodedCommit>
  readonly last: LogPlace | null
}

/** Rows with `commitColumns`. */
export const decodeCommits = (rows: unknown): Effect.Effect<ReadonlyArray<EncodedCommit>> =>
  Effect.orDie(decodeRows(rows))

/** Rows with `placedColumns`. */
export const decodePlaced = (rows: unknown): Effect.Effect<PlacedCommits> =>
  decodePlacedRows(rows).pipe(
    Effect.map((placed) => {
      const last = placed.at(-1)
      return {
        commits: placed.map(({ positionText: _position, transactionId: _transactionId, ...commit }) => commit),
        last: last === undefined ? null : { transactionId: last.transactionId, position: last.positionText }
      }
    }),
    Effect.orDie
  )
