import * as Predicate from "effect/Predicate"
import type * as SqlClient from "effect/sql/SqlClient"
import type { CommentId } from "../domain/ids.ts"
import type { EncodedCommit } from "../events/Commit.ts"
import { uuids } from "./columns.ts"
import { Difference } from "./Difference.ts"

/** Where the log has a stream at least, and what its last event that was read says of the comment. */
export interface SeenHead {
  readonly stream: CommentId
  readonly version: number
  readonly deleted: boolean
  /** The comment's text after that event, if it says so. */
  readonly text: string | undefined
}

const property = (value: unknown, name: string): unknown => Predicate.hasProperty(value, name) ? value[name] : undefined

const headOf = ({ events, lastVersion, stream }: EncodedCommit): SeenHead => {
  const last = events.at(-1)
  const text = property(property(last, "data"), "text")
  return {
    stream,
    version: lastVersion,
    deleted: property(last, "type") === "CommentDeleted",
    text: typeof text === "string" ? text : undefined
  }
}

/** The newest commit of each stream in a batch. */
export const headsOf = (commits: ReadonlyArray<EncodedCommit>): ReadonlyMap<CommentId, SeenHead> => {
  const heads = new Map<CommentId, SeenHead>()
  for (const commit of commits) {
    const known = heads.get(commit.stream)
    if (known === undefined || known.version < commit.lastVersion) heads.set(commit.stream, headOf(commit))
  }
  return heads
}

/** What the read model has of a stream. */
export interface StreamRows {
  readonly stream: CommentId
  readonly position: number
  readonly parked: boolean
  readonly version: number | null
  readonly text: string | null
  readonly deleted: boolean
  readonly entries: number
}

/** What the read model has of these streams, all as they were at one instant. */
export const readRows = (sql: SqlClient.SqlClient, streams: Iterable<CommentId>) =>
  sql<StreamRows>`
    SELECT positions.stream, positions.version AS position, positions.parked_at IS NOT NULL AS parked,
           comments.version, comments.text, comments.deleted_at IS NOT NULL AS deleted,
           (SELECT count(*)::int4 FROM comment_history WHERE comment_id = positions.stream) AS entries
    FROM stream_positions AS positions LEFT JOIN comments ON comments.id = positions.stream
    WHERE positions.stream = ANY(${uuids(Array.from(streams))})`

const wrongAt = (head: SeenHead, rows: StreamRows) => {
  if (rows.version === null) return "comment is missing"
  if (rows.version !== rows.position) return "version"
  if (rows.deleted !== head.deleted) return "deletion"
  if (!head.deleted && head.text !== undefined && rows.text !== head.text) return "text"
  return rows.entries === rows.position ? undefined : "history"
}

/** What is wrong with a stream whose head is known; undefined if nothing is. */
export const compare = (head: SeenHead, rows: StreamRows | undefined): Difference | undefined => {
  const { stream, version } = head
  const position = rows?.position ?? 0
  const places = { stream, head: version, position }
  if (rows?.parked === true) return Difference.Parked(places)
  if (rows === undefined || position < version) return Difference.Behind(places)
  if (position > version) return Difference.Ahead(places)
  const wrong = wrongAt(head, rows)
  return wrong === undefined ? undefined : Difference.WrongRows({ stream, head: version, wrong })
}

interface Miscounted {
  readonly of: "picture" | "author"
  readonly id: string
  readonly count: number
  readonly comments: number
}

/** The counts that aren't the number of comments, all as they were at one instant. Reads every comment. */
export const miscounted = (sql: SqlClient.SqlClient) =>
  sql<Miscounted>`
    SELECT 'picture' AS of, coalesce(counted.picture_id, there.picture_id) AS id,
           coalesce(counted.count, 0) AS count, coalesce(there.comments, 0) AS comments
    FROM picture_counts AS counted FULL JOIN (
      SELECT picture_id, count(*)::int4 AS comments FROM comments WHERE deleted_at IS NULL GROUP BY picture_id
    ) AS there ON there.picture_id = counted.picture_id
    WHERE coalesce(counted.count, 0) <> coalesce(there.comments, 0)
    UNION ALL
    SELECT 'author', coalesce(counted.author_id, there.author_id),
           coalesce(counted.count, 0), coalesce(there.comments, 0)
    FROM author_counts AS counted FULL JOIN (
      SELECT author_id, count(*)::int4 AS comments FROM comments WHERE deleted_at IS NULL GROUP BY author_id
    ) AS there ON there.author_id = counted.author_id
    WHERE coalesce(counted.count, 0) <> coalesce(there.comments, 0)`

/** How many streams have been projected, at least in part. */
export const positionedStreams = (sql: SqlClient.SqlClient) =>
  sql<{ readonly streams: number }>`SELECT count(*)::int4 AS streams FROM stream_positions WHERE version > 0`
