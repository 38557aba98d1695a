import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import type { Commit } from "./Commit.ts"
import {
  type CommitTooLarge,
  EventStore,
  EventStoreUnavailable,
  ScanCheckpoint,
  type ScannedBatch,
  VersionConflict
} from "./EventStore.ts"
import { EventTail } from "./EventTail.ts"
import type { Head } from "./Head.ts"
import { makeAppendSignal } from "./internal/appendSignal.ts"
import { loadHead, type ReadNewest } from "./internal/load.ts"
import { beginning, formatPlace, parsePlace } from "./internal/logPlace.ts"
import { asStoreOperation } from "./internal/postgresFailure.ts"
import { commitColumns, decodeCommits, decodePlaced, placedColumns } from "./internal/postgresRows.ts"
import { prepare, type Writing } from "./internal/writing.ts"
import { AppendRefused } from "./JointAppend.ts"
import { makeTail } from "./PostgresEventTail.ts"
import { foreignLog, type LogNeedsRenumbering } from "./renumber.ts"

/** How the store treats its server. */
export interface PostgresEventStoreSettings {
  /** How long each of its statements may take, with the wait for a connection. */
  readonly timeLimit: Duration.Input
}

const defaultSettings: PostgresEventStoreSettings = { timeLimit: "5 seconds" }

/** Appends and writes something else in one transaction, of which the append is the first write. */
export class PostgresJointAppend extends Context.Service<PostgresJointAppend, {
  /** `also` tells whether it could be done; where it couldn't, nothing is appended. A repetition doesn't do it again. */
  append(
    head: Head,
    commit: Commit,
    also: Effect.Effect<boolean, SqlError>
  ): Effect.Effect<Head, VersionConflict | AppendRefused | EventStoreUnavailable | CommitTooLarge>
}>()("marginalia/events/PostgresEventStore/PostgresJointAppend") {}

// Most commits have less than 1 KB. If all were as large as can be, a batch would have 80 MB.
const scanBatch = 200

const largestVersion = 2 ** 31 - 1

const make = Effect.fnUntraced(function*({ timeLimit }: PostgresEventStoreSettings) {
  const sql = (yield* SqlClient).withoutTransforms()
  const signal = yield* makeAppendSignal
  const loading = asStoreOperation("load", timeLimit)
  const appending = asStoreOperation("append", timeLimit)
  const reading = asStoreOperation("readStream", timeLimit)
  const scanning = asStoreOperation("readAll", timeLimit)
  const foreign = yield* loading(foreignLog)
  if (foreign !== null) return yield* foreign

  // There is one server, so every read is strongly consistent.
  const read: ReadNewest<EventStoreUnavailable> = ({ before, limit, stream }) =>
    loading(sql`
      SELECT ${commitColumns(sql)} FROM commits
      WHERE stream = ${stream} AND version < ${before ?? largestVersion}
      ORDER BY version DESC LIMIT ${limit}`).pipe(Effect.flatMap(decodeCommits))

  // Nothing but the place guards an append, and nothing else has to: a head can't be made up, so the stream did end at its
  // version once, and whatever went on from there has the place of the next.
  const insert = ({ encoded: { id, lastVersion, stream, version }, eventsJson, snapshotJson }: Writing) =>
    appending(sql`
      INSERT INTO commits (stream, version, last_version, commit_id, events, snapshot)
      VALUES (${stream}, ${version}, ${lastVersion}, ${id}, ${eventsJson}, ${snapshotJson})
      ON CONFLICT (stream, version) DO NOTHING
      RETURNING version`).pipe(Effect.map((rows) => rows.length === 1))

  // Not part of the insert: its view of the table is older than the commit that it waited for. Until the occupant is known,
  // it may be this very commit, from an earlier try.
  const occupantOf = Effect.fnUntraced(
    function*({ encoded: { stream, version } }: Writing) {
      const rows = yield* appending(sql`
        SELECT ${commitColumns(sql)} FROM commits WHERE stream = ${stream} AND version = ${version}`)
      const [occupant] = yield* decodeCommits(rows)
      return occupant ?? (yield* Effect.die(new Error(`commit ${version} of ${stream} has vanished from the log`)))
    },
    Effect.mapError(({ cause, operation }) => new EventStoreUnavailable({ operation, outcome: "unknown", cause }))
  )

  // The order of the log depends on it: an append inside a longer transaction may have taken its transaction id before its
  // predecessor in the stream did, and would then be read before it.
  const refuseTransaction = Effect.gen(function*() {
    if (Option.isNone(yield* Effect.serviceOption(sql.transactionService))) return
    return yield* Effect.die(new Error("an append is a transaction of its own, and can't be part of another"))
  })

  // A scan ends before the first transaction that hadn't begun with it: what is written meanwhile would keep it alive.
  const nextTransaction = scanning(
    sql<{ readonly next: string }>`SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next`
  ).pipe(Effect.map(([row]) => row?.next ?? "0"))

  const scan = (after: ScanCheckpoint, end: string) =>
    Stream.paginate(
      after,
      Effect.fnUntraced(function*(after) {
        const { position, transactionId } = yield* parsePlace(after)
        const rows = yield* scanning(sql`
          SELECT ${placedColumns(sql)} FROM commits
          WHERE (transaction_id, position) > (${transactionId}::xid8, ${position}::bigint)
            AND transaction_id < ${end}::xid8
          ORDER BY transaction_id, position LIMIT ${scanBatch}`)
        const { commits, last } = yield* decodePlaced(rows)
        if (last === null) return [[], Option.none()] as const
        const batch: ScannedBatch = { commits, checkpoint: ScanCheckpoint.make(formatPlace(last)) }
        return [[batch], commits.length < scanBatch ? Option.none() : Option.some(batch.checkpoint)] as const
      })
    )

  const recognise = Effect.fnUntraced(function*(writing: Writing) {
    const winner = yield* occupantOf(writing)
    const { id, stream, version } = writing.encoded
    if (winner.id !== id) return yield* new VersionConflict({ stream, expectedVersion: version - 1, winner })
  })

  const joint = PostgresJointAppend.of({
    append: Effect.fn("PostgresJointAppend.append")(function*(head, commit, also) {
      yield* refuseTransaction
      const writing = yield* prepare(head, commit)
      const together = Effect.gen(function*() {
        if (!(yield* insert(writing))) return yield* recognise(writing)
        if (!(yield* also)) return yield* new AppendRefused({ stream: head.stream })
      })
      yield* appending(sql.withTransaction(together))
      yield* signal.appended
      return writing.head
    })
  })

  const store = EventStore.of({
    load: Effect.fn("EventStore.load")(function*(stream, consistency) {
      return yield* loadHead(read, stream, consistency)
    }),

    append: Effect.fn("EventStore.append")(function*(head, commit) {
      yield* refuseTransaction
      const writing = yield* prepare(head, commit)
      if (!(yield* insert(writing))) yield* recognise(writing)
      yield* signal.appended
      return writing.head
    }),

    readStream: Effect.fn("EventStore.readStream")(function*(stream, { from, limit }) {
      const rows = yield* reading(sql`
        SELECT ${commitColumns(sql)} FROM commits
        WHERE stream = ${stream} AND last_version >= ${from} AND version >= COALESCE((
          SELECT version FROM commits WHERE stream = ${stream} AND version <= ${from} ORDER BY version DESC LIMIT 1
        ), 1)
        ORDER BY version LIMIT ${limit}`)
      return yield* decodeCommits(rows)
    }),

    readAll: (after = ScanCheckpoint.make(formatPlace(beginning))) =>
      Stream.unwrap(Effect.map(nextTransaction, (end) => scan(after, end)))
  })

  return Context.make(EventStore, store).pipe(
    Context.add(EventTail, makeTail(sql, signal, timeLimit)),
    Context.add(PostgresJointAppend, joint)
  )
})

/**
 * The event store in Postgres, and its tail: one row for each commit, appended by one statement.
 *
 * The tables are there already (`migrations.ts`). A log out of another server's dump is refused until it is renumbered.
 * What another process appends wakes nobody here: the tail finds it when its wait ends.
 */
export const layer = (
  settings: PostgresEventStoreSettings = defaultSettings
): Layer.Layer<EventStore | EventTail | PostgresJointAppend, EventStoreUnavailable | LogNeedsRenumbering, SqlClient> =>
  Layer.effectContext(make(settings))
