import * as PgTypes from "@effect/sql-pg/PgTypes"
import type * as SqlClient from "effect/sql/SqlClient"
import { CommentList } from "../CommentList.ts"
import type { PageRequest } from "../ReadModel.ts"

/**
 * One row more than the page has, if the list goes on; the count of the whole list in each row. A page without comments
 * is one row of nulls and the count. Comments are told apart by (created_at, id), which never change.
 */
export const pageStatement = (sql: SqlClient.SqlClient, { after, limit, list, order }: PageRequest) => {
  const { counts, key, name } = CommentList.$match(list, {
    OfPicture: ({ picture }) => ({ counts: sql("picture_counts"), key: sql("picture_id"), name: picture }),
    OfAuthor: ({ author }) => ({ counts: sql("author_counts"), key: sql("author_id"), name: author })
  })
  const direction = sql.literal(order === "newest" ? "DESC" : "ASC")
  const beyond = sql.literal(order === "newest" ? "<" : ">")
  const from = after === undefined
    ? sql.literal("")
    : sql`AND (created_at, id) ${beyond} (${PgTypes.timestamptz(after.createdAt)}, ${after.id}::uuid)`
  return sql<Record<string, unknown>>`
    SELECT listed.id, listed.picture_id AS "pictureId", listed.author_id AS "authorId", listed.text, listed.version,
           listed.created_at AS "createdAt", listed.edited_at AS "editedAt", counted.count
    FROM (SELECT coalesce((SELECT count FROM ${counts} WHERE ${key} = ${name}), 0) AS count) AS counted
    LEFT JOIN (
      SELECT id, picture_id, author_id, text, version, created_at, edited_at
      FROM comments
      WHERE ${key} = ${name} AND deleted_at IS NULL ${from}
      ORDER BY created_at ${direction}, id ${direction}
      LIMIT ${limit + 1}
    ) AS listed ON true
    ORDER BY listed.created_at ${direction}, listed.id ${direction}`
}
