import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Array as Arr, Clock, Effect, Layer, Logger, Result } from "effect"
import { SqlClient } from "effect/sql"
import * as MemoryEventStore from "../../../src/events/MemoryEventStore.ts"
import { Projector } from "../../../src/projections/Projector.ts"
import * as MemoryQueryCache from "../../../src/queries/MemoryQueryCache.ts"
import { authorOf, usualText } from "../subject/drafts.ts"
import { commitOf, idOf, postedAt } from "./commits.ts"
import { onFreshReadModel } from "./freshDatabase.ts"
import type { WorkDone, WorkEngines, WorkRow } from "./WorkRow.ts"

const commits = 50_000
const batchSize = 100
const pictures = 1000

const pictureOf = (number: number): string => `picture-${number % pictures}`

const batches = <A>(make: (number: number) => A): ReadonlyArray<ReadonlyArray<A>> =>
  Arr.chunksOf(Array.from({ length: commits }, (_, number) => make(number)), batchSize)

const timed = Effect.fnUntraced(function*<E, R>(work: Effect.Effect<unknown, E, R>) {
  const begun = yield* Clock.currentTimeNanos
  yield* work
  return { amount: commits, seconds: Number((yield* Clock.currentTimeNanos) - begun) / 1e9 } satisfies WorkDone
})

const run = <E>(engines: WorkEngines, work: Effect.Effect<WorkDone, E, SqlClient.SqlClient>): Promise<WorkDone> =>
  Effect.runPromise(onFreshReadModel(engines.postgres, work).pipe(Effect.provide(Logger.layer([]))))

const array = (values: ReadonlyArray<unknown>, oid: number) => Result.getOrThrow(PgTypes.array(values, oid))

// The rows that the projector leaves behind, in one statement; what has a count twice in a batch is added up before.
const insert = (sql: SqlClient.SqlClient, numbers: ReadonlyArray<number>) => {
  const ids = array(numbers.map((number) => idOf(number)), PgTypes.OID.uuid)
  const ofPictures = array(numbers.map(pictureOf), PgTypes.OID.text)
  const authors = array(numbers.map(authorOf), PgTypes.OID.text)
  const texts = array(numbers.map(usualText), PgTypes.OID.text)
  const times = array(numbers.map((number) => postedAt + number), PgTypes.OID.timestamptz)
  return sql`
    WITH comments AS (
      INSERT INTO comments (id, picture_id, author_id, text, version, created_at)
      SELECT id, picture, author, text, 1, at
      FROM unnest(${ids}, ${ofPictures}, ${authors}, ${texts}, ${times}) AS new (id, picture, author, text, at)
      RETURNING id, picture_id, author_id, text, created_at
    ), history AS (
      INSERT INTO comment_history (comment_id, version, type, at, text)
      SELECT id, 1, 'CommentPosted', created_at, text FROM comments
    ), positions AS (
      INSERT INTO stream_positions (stream, version, picture_id, author_id)
      SELECT id, 1, picture_id, author_id FROM comments
    ), pictures AS (
      INSERT INTO picture_counts (picture_id, count) SELECT picture_id, count(*) FROM comments GROUP BY picture_id
      ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count + excluded.count
    )
    INSERT INTO author_counts (author_id, count) SELECT author_id, count(*) FROM comments GROUP BY author_id
    ON CONFLICT (author_id) DO UPDATE SET count = author_counts.count + excluded.count`
}

/**
 * 50,000 posts on 1,000 pictures by 16 people are projected in batches of 100, each a transaction, on PostgreSQL.
 *
 * The twin inserts the very same rows (comments, history, positions, both counts), 100 at a time, by one statement each:
 * nothing is decoded, no position is looked at, nothing is locked before, no cache is told.
 */
export const row: WorkRow = {
  name: "projection",
  title: "projection of 50,000 commits",
  unit: "events",
  aim: 0.4,
  twinTitle: "bare bulk insert",
  subject: (engines) =>
    run(
      engines,
      Effect.gen(function*() {
        const { project } = yield* Projector
        const work = batches((number) => commitOf(number, pictureOf(number)))
        return yield* timed(Effect.forEach(work, project, { discard: true }))
      }).pipe(
        Effect.provide(Projector.layer.pipe(Layer.provide([MemoryEventStore.layer, MemoryQueryCache.layer()])))
      )
    ),
  twin: (engines) =>
    run(
      engines,
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const work = batches((number) => number)
        return yield* timed(Effect.forEach(work, (numbers) => insert(sql, numbers), { discard: true }))
      })
    )
}
