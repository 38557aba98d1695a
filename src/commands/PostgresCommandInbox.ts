import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { CommandId, Timestamp } from "../domain/ids.ts"
import { PostgresJointAppend } from "../events/PostgresEventStore.ts"
import { sqlOutcome } from "../platform/sqlOutcome.ts"
import { AlreadySettled, CommandInbox, InboxUnavailable, keptFor } from "./CommandInbox.ts"
import { decodeEntry, encodeEntry, encodeOutcome, statusOf } from "./InboxCodec.ts"
import type { InboxOutcome } from "./InboxEntry.ts"

/** How long each statement may take, with the wait for a connection. */
const timeLimit = Duration.seconds(5)

/** How often, and how many at a time, rows are removed whose time is over. */
const removal = { interval: "1 minute", rows: 1000 } as const

const decodeWaiting = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ id: CommandId, acceptedAt: Timestamp }))
)

// Only a write's outcome can be unknown. What isn't the fault of server or network is the program's: a defect.
const asInboxOperation = (operation: InboxUnavailable["operation"]) => {
  const unknown = operation === "accept" || operation === "settle" ? "unknown" : "nothing"
  return <A>(statement: Effect.Effect<A, SqlError>): Effect.Effect<A, InboxUnavailable> =>
    statement.pipe(
      Effect.catchIf(isSqlError, (error) =>
        Option.match(sqlOutcome(error), {
          onNone: () => Effect.die(error),
          onSome: (outcome) =>
            Effect.fail(
              new InboxUnavailable({ operation, outcome: outcome === "unknown" ? unknown : outcome, cause: error })
            )
        })),
      Effect.timeoutOrElse({
        duration: timeLimit,
        orElse: () =>
          Effect.fail(
            new InboxUnavailable({
              operation,
              outcome: unknown,
              cause: new Error(`no answer within ${Duration.format(timeLimit)}`)
            })
          )
      })
    )
}

const make = Effect.gen(function*() {
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()
  const joint = yield* PostgresJointAppend
  const accepting = asInboxOperation("accept")
  const finding = asInboxOperation("find")
  const settling = asInboxOperation("settle")
  const looking = asInboxOperation("stale")

  const rowOf = (id: CommandId) =>
    sql`SELECT id, accepted_at::float8 AS "acceptedAt", request, outcome FROM command_inbox WHERE id = ${id}`

  const settleRow = (id: CommandId, outcome: InboxOutcome): Effect.Effect<boolean, SqlError> =>
    Effect.map(
      sql`
        UPDATE command_inbox SET status = ${statusOf(outcome)}, outcome = ${JSON.stringify(encodeOutcome(outcome))}
        WHERE id = ${id} AND status = 'pending'
        RETURNING id`,
      (rows) => rows.length === 1
    )

  const inbox = CommandInbox.of({
    accept: Effect.fn("CommandInbox.accept")(function*(entry) {
      const { acceptedAt, id, request } = encodeEntry(entry)
      const inserted = yield* accepting(sql`
        INSERT INTO command_inbox (id, accepted_at, request, expires_at)
        VALUES (${id}, ${acceptedAt}, ${JSON.stringify(request)}, to_timestamp(${(acceptedAt + keptFor) / 1000}))
        ON CONFLICT (id) DO NOTHING
        RETURNING id`)
      if (inserted.length === 1) return null
      const [present] = yield* accepting(rowOf(id))
      // It was there, and its time was over just now: then it can be accepted again.
      return present === undefined ? yield* inbox.accept(entry) : yield* Effect.fromResult(decodeEntry(id, present))
    }),

    find: Effect.fn("CommandInbox.find")(function*(id) {
      const [row] = yield* finding(rowOf(id))
      return row === undefined ? Option.none() : Option.some(yield* Effect.fromResult(decodeEntry(id, row)))
    }),

    settle: Effect.fn("CommandInbox.settle")(function*(id, outcome) {
      return yield* settling(settleRow(id, outcome))
    }),

    appendAndSettle: Effect.fn("CommandInbox.appendAndSettle")(function*(head, commit, id, outcome) {
      return yield* joint.append(head, commit, settleRow(id, outcome)).pipe(
        Effect.catchTag("AppendRefused", () => Effect.fail(new AlreadySettled({ id })))
      )
    }),

    stale: Effect.fn("CommandInbox.stale")(function*(before, limit) {
      const rows = yield* looking(sql`
        SELECT id, accepted_at::float8 AS "acceptedAt" FROM command_inbox
        WHERE status = 'pending' AND accepted_at < ${before}
        ORDER BY accepted_at LIMIT ${limit}`)
      return yield* Effect.orDie(decodeWaiting(rows))
    })
  })

  const removeExpired = sql`
    DELETE FROM command_inbox WHERE id IN (
      SELECT id FROM command_inbox WHERE expires_at < clock_timestamp() LIMIT ${removal.rows} FOR UPDATE SKIP LOCKED
    )`
  yield* removeExpired.pipe(
    Effect.ignore({ log: "Warn", message: "What is too old in the inbox couldn't be removed" }),
    Effect.repeat(Schedule.spaced(removal.interval)),
    Effect.forkScoped
  )

  return inbox
})

/**
 * The inbox in Postgres, in the database of the event log: what appends settles in the same transaction, of which the
 * commit's insert is the first write. The table is there already (`migrations.ts`). Removes rows whose time is over.
 */
export const layer: Layer.Layer<CommandInbox, never, PostgresJointAppend | SqlClient.SqlClient> = Layer.effect(
  CommandInbox,
  make
)
