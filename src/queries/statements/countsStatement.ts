import type * as SqlClient from "effect/sql/SqlClient"
import type { PictureId } from "../../domain/ids.ts"

/** One row for each picture asked for, in the order asked. */
export const countsStatement = (sql: SqlClient.SqlClient, pictures: ReadonlyArray<PictureId>) =>
  sql<Record<string, unknown>>`
    SELECT asked.picture_id AS "pictureId", coalesce(picture_counts.count, 0) AS count
    FROM unnest(${pictures}::text[]) WITH ORDINALITY AS asked (picture_id, place)
    LEFT JOIN picture_counts ON picture_counts.picture_id = asked.picture_id
    ORDER BY asked.place`
