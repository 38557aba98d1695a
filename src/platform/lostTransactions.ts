import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as SqlClient from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"

/**
 * Lets `withTransaction` of the client fail, rather than die, when the connection is lost in the midst of a transaction.
 *
 * The client rolls back after a failure; on a lost connection the rollback fails too, and the client takes that for a
 * defect and makes defects of all that came before. But the transaction is over, nothing of it was kept, and whoever
 * began it may try again: so it fails with the first error of the database. An interruption stays one.
 */
export const failOnLostTransactions = <Client extends SqlClient.SqlClient>(client: Client): Client => {
  const begin = client.withTransaction
  const withTransaction = <R, E, A>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
    Effect.catchCause(begin(effect), (cause) => {
      const lost = cause.reasons.flatMap((reason) => (Cause.isDieReason(reason) ? [reason.defect] : [])).find(
        isSqlError
      )
      return lost === undefined || Cause.hasInterrupts(cause) ? Effect.failCause(cause) : Effect.fail(lost)
    })
  return Object.assign(client, { withTransaction })
}
