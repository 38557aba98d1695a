import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import { EventTail, TailCheckpoint } from "./EventTail.ts"
import type { AppendSignal } from "./internal/appendSignal.ts"
import { beginning, formatPlace, parsePlace } from "./internal/logPlace.ts"
import { asStoreOperation } from "./internal/postgresFailure.ts"
import { decodePlaced, placedColumns } from "./internal/postgresRows.ts"

/**
 * Follows the log in the order of (transaction id, position).
 *
 * A position by itself, a number out of a sequence, loses events: a transaction that took a lower number may commit after
 * the reader has passed. So commits are read only below the oldest transaction that is still running anywhere on the
 * server: below it nothing can appear any more. Each stream is in order, because an append is one statement in a
 * transaction of its own: its id is taken when its predecessor has been committed.
 *
 * A transaction that stays open after it has written, even in another database of the server, hides all later appends for
 * as long: see `oldestTransactionAge`.
 */
export const makeTail = (sql: SqlClient, signal: AppendSignal, timeLimit: Duration.Input): EventTail["Service"] => {
  const tailing = asStoreOperation("tail", timeLimit)
  const readable = sql`transaction_id < pg_snapshot_xmin(pg_current_snapshot())`

  // A checkpoint of the future is one of another server, or from before a renumbering: nothing would ever follow it.
  let followed = formatPlace(beginning)
  const refuseFuture = Effect.fnUntraced(function*(after: TailCheckpoint, transactionId: string) {
    if (after === followed) return
    const rows = yield* tailing(
      sql<{ readonly future: boolean }>`
        SELECT ${transactionId}::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) AS future`
    )
    if (rows[0]?.future === true) {
      return yield* Effect.die(
        new Error(`The checkpoint ${after} is from another server, or from before the log was renumbered: reconcile.`)
      )
    }
    followed = after
  })

  return EventTail.of({
    beginning: TailCheckpoint.make(formatPlace(beginning)),

    present: tailing(
      sql`
        SELECT ${placedColumns(sql)} FROM commits WHERE ${readable}
        ORDER BY transaction_id DESC, position DESC LIMIT 1`
    ).pipe(
      Effect.flatMap(decodePlaced),
      Effect.map(({ last }) => TailCheckpoint.make(formatPlace(last ?? beginning)))
    ),

    read: Effect.fn("EventTail.read")(function*(after, limit) {
      const { position, transactionId } = yield* parsePlace(after)
      const rows = yield* tailing(
        sql`
          SELECT ${placedColumns(sql)} FROM commits
          WHERE (transaction_id, position) > (${transactionId}::xid8, ${position}::bigint) AND ${readable}
          ORDER BY transaction_id, position LIMIT ${limit}`
      )
      const { commits, last } = yield* decodePlaced(rows)
      if (last === null) {
        yield* refuseFuture(after, transactionId)
        return { commits, checkpoint: after }
      }
      followed = formatPlace(last)
      return { commits, checkpoint: TailCheckpoint.make(followed) }
    }),

    awaitAppend: signal.awaitAppend
  })
}
