import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SqlError } from "effect/sql/SqlError"
import { sqlState } from "../../platform/sqlState.ts"
import { EventStoreUnavailable } from "../EventStore.ts"

type Operation = EventStoreUnavailable["operation"]
type Outcome = EventStoreUnavailable["outcome"]

// The server says with these that it ended or refused the statement, so its transaction is rolled back: 25006 read only
// (a replica), 28 and 3D no way in, 40 rolled back, 53 out of resources, 55 object in use, 57014 cancelled, 57P03
// starting. Source: PostgreSQL's documentation, appendix A.
const refused = /^(?:25006|28|3D|40|53|55|57014|57P03)/

// After these nobody knows: 08 connection lost, the others of 57 shut down (which a server also says when it has already
// committed), 58 and XX trouble inside the server.
const broken = /^(?:08|57|58|XX)/

const outcomeOf = (error: SqlError): Option.Option<Outcome> => {
  const { _tag: reason, operation } = error.reason
  const state = Option.getOrElse(sqlState(error), () => "")
  if (operation === "connect" || refused.test(state)) return Option.some("nothing")
  if (broken.test(state) || reason === "ConnectionError") return Option.some("unknown")
  return Option.none()
}

/**
 * Why an operation of the store failed. Only an append's outcome can be unknown, for the others change nothing. What isn't
 * the fault of server or network (syntax, types, constraints) is the program's: a defect.
 */
const unavailable = (operation: Operation) => (error: SqlError): Effect.Effect<never, EventStoreUnavailable> =>
  Option.match(outcomeOf(error), {
    onNone: () => Effect.die(error),
    onSome: (outcome) =>
      Effect.fail(
        new EventStoreUnavailable({ operation, outcome: operation === "append" ? outcome : "nothing", cause: error })
      )
  })

/**
 * A statement that fails as the store does, and takes no longer than a limit (and as long as the client needs to take the
 * statement back, 5 seconds at most). What a time-out leaves behind is unknown.
 */
export const asStoreOperation =
  (operation: Operation, timeLimit: Duration.Input) =>
  <A, R>(statement: Effect.Effect<A, SqlError, R>): Effect.Effect<A, EventStoreUnavailable, R> =>
    statement.pipe(
      Effect.catch(unavailable(operation)),
      Effect.timeoutOrElse({
        duration: timeLimit,
        orElse: () =>
          Effect.fail(
            new EventStoreUnavailable({
              operation,
              outcome: operation === "append" ? "unknown" : "nothing",
              cause: new Error(`no answer within ${Duration.format(Duration.fromInputUnsafe(timeLimit))}`)
            })
          )
      })
    )
