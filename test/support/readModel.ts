import { Effect, Result } from "effect"
import { SqlClient } from "effect/sql"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { decodeCommit } from "../../src/events/EventCodec.ts"

/** The rows of the read model, in a form that compares. Times are milliseconds. */
export interface ReadModel {
  readonly comments: ReadonlyArray<{
    readonly id: string
    readonly picture: string
    readonly author: string
    readonly text: string | null
    readonly version: number
    readonly created: number
    readonly edited: number | null
    readonly deleted: number | null
  }>
  readonly history: ReadonlyArray<{
    readonly id: string
    readonly version: number
    readonly type: string
    readonly at: number
    readonly text: string | null
  }>
  readonly positions: ReadonlyArray<{
    readonly stream: string
    readonly version: number
    readonly picture: string | null
    readonly author: string | null
  }>
  readonly pictures: Readonly<Record<string, number>>
  readonly authors: Readonly<Record<string, number>>
}

type Comment = ReadModel["comments"][number]

const counted = (ids: ReadonlyArray<string>, comments: ReadonlyArray<Comment>, key: "picture" | "author") =>
  Object.fromEntries(
    ids.toSorted().map((
      id
    ) => [id, comments.filter((comment) => comment[key] === id && comment.deleted === null).length])
  )

/** What the read model must be after a whole log: folded here by hand, one event after the other, and counted at the end. */
export const foldReadModel = (log: ReadonlyArray<EncodedCommit>): ReadModel => {
  const comments = new Map<string, Comment>()
  const history: Array<ReadModel["history"][number]> = []
  const events = log.flatMap((commit) => Result.getOrThrow(decodeCommit(commit)).events)
  events.sort((
    one,
    other
  ) => (one.stream === other.stream ? one.version - other.version : one.stream < other.stream ? -1 : 1))
  for (const { body, occurredAt, stream, version } of events) {
    const text = "text" in body ? body.text : null
    history.push({ id: stream, version, type: body._tag, at: occurredAt, text })
    const comment = comments.get(stream)
    if (body._tag === "CommentPosted") {
      comments.set(stream, {
        id: stream,
        picture: body.pictureId,
        author: body.authorId,
        text,
        version,
        created: occurredAt,
        edited: null,
        deleted: null
      })
    } else if (comment !== undefined) {
      const times = body._tag === "CommentEdited" ? { edited: occurredAt } : { deleted: occurredAt }
      comments.set(stream, { ...comment, text, version, ...times })
    }
  }
  const rows = Array.from(comments.values())
  return {
    comments: rows,
    history,
    positions: rows.map(({ author, id, picture, version }) => ({ stream: id, version, picture, author })),
    pictures: counted(rows.map(({ picture }) => picture), rows, "picture"),
    authors: counted(rows.map(({ author }) => author), rows, "author")
  }
}

interface Counted {
  readonly id: string
  readonly count: number
}

const record = (rows: ReadonlyArray<Counted>) => Object.fromEntries(rows.map(({ count, id }) => [id, count]))

/** The read model as it is. Positions of streams of which nothing was projected are left out. */
export const readModel = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const millis = (column: string) => sql.literal(`(extract(epoch FROM ${column}) * 1000)::float8`)
  return {
    comments: yield* sql<Comment>`
      SELECT id, picture_id AS picture, author_id AS author, text, version, ${millis("created_at")} AS created,
             ${millis("edited_at")} AS edited, ${millis("deleted_at")} AS deleted
      FROM comments ORDER BY id`,
    history: yield* sql<ReadModel["history"][number]>`
      SELECT comment_id AS id, version, type, ${millis("at")} AS at, text
      FROM comment_history ORDER BY comment_id, version`,
    positions: yield* sql<ReadModel["positions"][number]>`
      SELECT stream, version, picture_id AS picture, author_id AS author
      FROM stream_positions WHERE version > 0 ORDER BY stream`,
    pictures: record(
      yield* sql<Counted>`SELECT picture_id AS id, count FROM picture_counts ORDER BY picture_id`
    ),
    authors: record(yield* sql<Counted>`SELECT author_id AS id, count FROM author_counts ORDER BY author_id`)
  } satisfies ReadModel
})

/** Forgets everything that was projected. Deleting is faster than TRUNCATE where there are few rows. */
export const emptyReadModel = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) =>
    sql`
      WITH comments AS (DELETE FROM comments), history AS (DELETE FROM comment_history),
           pictures AS (DELETE FROM picture_counts), authors AS (DELETE FROM author_counts),
           checkpoints AS (DELETE FROM projection_checkpoints)
      DELETE FROM stream_positions`
)
