import { Effect, Schema } from "effect"
import { PictureId } from "../../../src/domain/ids.ts"
import { CommentList } from "../../../src/queries/CommentList.ts"
import { pageStatement } from "../../../src/queries/statements/pageStatement.ts"
import { answerFailure, answerJson } from "../bare/answerJson.ts"
import { openBareDatabase } from "../bare/bareDatabase.ts"
import { getRequest } from "../load/httpRequest.ts"
import { defineRow } from "../Row.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { coldPathOf, coldPictureName, coldPictures, commentsPerColdPicture } from "../subject/coldPages.ts"
import { draftsFor } from "../subject/drafts.ts"

const requested = /^\/pictures\/([^/]+)\/comments\?order=(newest|oldest)&limit=(\d+)$/

// Comments as the subject has them, a second apart, and their counts.
const fill = (name: string) => `
  WITH pictures AS (SELECT '${name}-' || n AS id FROM generate_series(0, ${coldPictures - 1}) AS n),
  posted AS (
    INSERT INTO comments (id, picture_id, author_id, text, version, created_at)
    SELECT gen_random_uuid(), pictures.id, 'author-' || n % 16,
           'What a light! Was this one taken with a filter? ' || lpad(n::text, 10, '0'), 1, now() - n * interval '1 second'
    FROM pictures, generate_series(0, ${commentsPerColdPicture - 1}) AS n
  )
  INSERT INTO picture_counts (picture_id, count) SELECT id, ${commentsPerColdPicture} FROM pictures`

/**
 * Every request reads a page of 20 comments, about 5 KB, that isn't in the query cache: 200 pictures, each in 162 ways, one
 * after the other. The cache holds 32 pages of a picture, the newest, so all the others are gone by the time that one
 * comes again. All of the database is in memory; what is cold is the cache.
 *
 * The twin takes picture, order and limit out of the URL with one regular expression, runs the very statement that the
 * read model runs (`pageStatement`), through the same client, on the same engine under a folder with the same number of
 * comments, and answers with `JSON.stringify` of `{ items, nextCursor: null, count }`. There is no cache, no ETag, no check
 * of any value.
 */
export const row = defineRow({
  name: "cold-page",
  title: "cold page read",
  aim: 0.7,
  expectedStatus: 200,
  material: Schema.Null,
  prepare: (subject) =>
    withBenchClient(subject, (client) =>
      client.postAll(
        Array.from({ length: coldPictures }, (_, index) => draftsFor(coldPictureName(index), commentsPerColdPicture))
          .flat()
      ).pipe(Effect.andThen(client.settled), Effect.as(null))),
  requests: () => (number) => getRequest(coldPathOf(number)),
  twin: async (_, folder) => {
    const { run, sql } = await openBareDatabase(folder)
    await run(sql.unsafe(fill("cold")))
    return {
      listener: (request, response) => {
        const [, picture = "", order, limit] = requested.exec(request.url ?? "") ?? []
        const page = pageStatement(sql, {
          list: CommentList.OfPicture({ picture: PictureId.make(picture) }),
          order: order === "oldest" ? "oldest" : "newest",
          limit: Number(limit),
          after: undefined
        })
        void run(page).then((rows) => {
          const items = rows.map(({ count: _, ...comment }) => comment)
          answerJson(response, 200, { items, nextCursor: null, count: rows[0]?.["count"] })
        }).catch(answerFailure(response))
      }
    }
  }
})
