import { rawSql, sql } from "@event-driven-io/dumbo"
import { isExpectedVersionConflictError } from "@event-driven-io/emmett"
import { getPostgreSQLEventStore, postgreSQLRawSQLProjection } from "@event-driven-io/emmett-postgresql"
import { Effect } from "effect"
import { setTimeout as pause } from "node:timers/promises"
import { Pool } from "pg"
import { draftOf, foldComment, nothing, streamOf } from "../../stores/events.ts"
import { makeDatabase } from "../../stores/freshDatabase.ts"
import { poolSize } from "../../stores/poolSize.ts"
import { atOnce, repeatedly } from "../../stores/repeatedly.ts"
import { serveStore } from "../../stores/serveStore.ts"

// Emmett on PostgreSQL, as its getting-started guide has it: a store with its schema made by itself, an aggregate folded by
// `aggregateStream`, appends with `expectedStreamVersion`, and a consumer with a reactor or a projector.
// https://event-driven-io.github.io/emmett/getting-started.html, https://event-driven-io.github.io/emmett/api-docs.html

/** The name that Emmett takes the stream's type from. */
const nameOf = (stream) => `comment-${stream}`
const streamIn = (name) => name.slice("comment-".length)

const eventOf = ({ data, metadata, type }) => ({ type, data, metadata })

/** The tables that our own read model has, but for the positions, which Emmett has no need of. */
const tables = `
  CREATE TABLE IF NOT EXISTS comments (
    id uuid PRIMARY KEY, picture_id text NOT NULL, author_id text NOT NULL, text text, version integer NOT NULL,
    created_at timestamptz NOT NULL, edited_at timestamptz
  );
  CREATE INDEX IF NOT EXISTS comments_of_picture ON comments (picture_id, created_at, id);
  CREATE INDEX IF NOT EXISTS comments_of_author ON comments (author_id, created_at, id);
  CREATE TABLE IF NOT EXISTS comment_history (
    comment_id uuid NOT NULL, version integer NOT NULL, type text NOT NULL, at timestamptz NOT NULL, text text,
    PRIMARY KEY (comment_id, version)
  );
  CREATE TABLE IF NOT EXISTS picture_counts (picture_id text PRIMARY KEY, count integer NOT NULL);
  CREATE TABLE IF NOT EXISTS author_counts (author_id text PRIMARY KEY, count integer NOT NULL);`

/** What a post does to them. Emmett hands a projection one event after the other, whatever its batch is. */
const statements = ({ data, metadata }) => {
  const id = streamIn(metadata.streamName)
  const at = new Date(metadata.at).toISOString()
  return [
    sql(
      `INSERT INTO comments (id, picture_id, author_id, text, version, created_at) VALUES (%L, %L, %L, %L, 1, %L)`,
      id,
      data.pictureId,
      data.authorId,
      data.text,
      at
    ),
    sql(
      `INSERT INTO comment_history (comment_id, version, type, at, text) VALUES (%L, 1, 'CommentPosted', %L, %L)`,
      id,
      at,
      data.text
    ),
    sql(
      `INSERT INTO picture_counts (picture_id, count) VALUES (%L, 1)
       ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count + 1`,
      data.pictureId
    ),
    sql(
      `INSERT INTO author_counts (author_id, count) VALUES (%L, 1)
       ON CONFLICT (author_id) DO UPDATE SET count = author_counts.count + 1`,
      data.authorId
    )
  ]
}

const readModel = postgreSQLRawSQLProjection({
  name: "comments",
  canHandle: ["CommentPosted"],
  evolve: statements,
  init: () => rawSql(tables)
})

/** How many streams are filled at once. */
const fillers = 16

/** How long nothing may come, in ms, before a projection is taken to have ended short of what was appended. */
const patience = 10_000

const open = async ({ postgres }) => {
  const connectionString = await Effect.runPromise(makeDatabase(postgres))
  const pool = new Pool({ connectionString, max: poolSize })
  const store = getPostgreSQLEventStore(connectionString, { connectionOptions: { pool } })
  await store.schema.migrate()

  const fill = async (streams, events, writers = fillers) => {
    let number = 0
    await atOnce(writers, async () => {
      const stream = streams[number++]
      if (stream === undefined) return false
      let version = 0
      await repeatedly(async () => {
        const count = Math.min(500, events - version)
        const drafts = Array.from({ length: count }, (_, index) => eventOf(draftOf(stream, version + 1 + index)))
        await store.appendToStream(nameOf(stream), drafts, { expectedStreamVersion: BigInt(version) })
        version += count
        return version < events
      })
      return true
    })
  }

  return {
    begin: (stream) => ({ stream, version: 0 }),
    append: async ({ stream, version }, draft) => {
      const { nextExpectedStreamVersion } = await store.appendToStream(nameOf(stream), [eventOf(draft)], {
        expectedStreamVersion: BigInt(version)
      })
      return { stream, version: Number(nextExpectedStreamVersion) }
    },
    load: async (stream) => {
      const { currentStreamVersion, state } = await store.aggregateStream(nameOf(stream), {
        evolve: foldComment,
        initialState: () => nothing
      })
      return { stream, version: Number(currentStreamVersion), state }
    },
    versionOf: ({ version }) => version,
    isConflict: isExpectedVersionConflictError,
    fill,
    follow: async (delivered) => {
      const consumer = store.consumer()
      consumer.reactor({
        processorId: "benchmark",
        eachMessage: ({ metadata }) => delivered(streamIn(metadata.streamName), Number(metadata.streamPosition))
      })
      const following = consumer.start()
      following.catch(() => {})
      return { stop: () => consumer.stop() }
    },
    project: async (events, setting) => {
      // By one writer: of what several write at once, the consumer doesn't deliver everything, and this would never end.
      await fill(Array.from({ length: events }, (_, number) => streamOf(1, number)), 1, 1)
      // Made before, as ours are; the projection itself finds them made.
      await pool.query(tables)
      const consumer = store.consumer(
        setting === "documented" ? {} : { pulling: { batchSize: 1000, pullingFrequencyInMs: 0 } }
      )
      consumer.projector({ projection: readModel })
      const begun = performance.now()
      const following = consumer.start()
      following.catch(() => {})
      let last = { count: 0, at: begun }
      await repeatedly(async () => {
        await pause(20)
        const { rows: [{ count }] } = await pool.query("SELECT count(*)::int AS count FROM comments")
        if (count > last.count) last = { count, at: performance.now() }
        if (performance.now() - last.at > patience) throw new Error(`only ${count} of ${events} were projected`)
        return count < events
      })
      const seconds = (performance.now() - begun) / 1000
      await consumer.stop()
      return seconds
    }
  }
}

serveStore(open)
