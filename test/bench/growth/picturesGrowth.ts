import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Effect, Result } from "effect"
import { SqlClient } from "effect/sql"
import { PictureId } from "../../../src/domain/ids.ts"
import { Projector } from "../../../src/projections/Projector.ts"
import { CommentList } from "../../../src/queries/CommentList.ts"
import { ReadModel } from "../../../src/queries/ReadModel.ts"
import { textAt } from "../load/model/textPool.ts"
import { commitOf } from "../work/commits.ts"
import type { WorkEngines } from "../work/WorkRow.ts"
import type { GrowthCurve } from "./GrowthCurve.ts"
import type { Grown, GrowthScale } from "./GrowthJob.ts"
import { onPostgres } from "./storage.ts"
import { secondsOf, timedRounds } from "./timing.ts"

type Points = Array<GrowthCurve["points"][number]>

/** Comments of each picture. */
const each = 3

/** Posts of a batch that is projected, on as many pictures. */
const batchSize = 500
const batches = 4

/** A stride that meets all pictures, far apart. */
const stride = 7919

/** Texts that the comments are given in turn. */
const differentTexts = 256

// The rows that the projector would have written, by the server itself: 300,000 comments one by one would take minutes.
const fill = Effect.fnUntraced(function*(from: number, to: number) {
  const sql = yield* SqlClient.SqlClient
  const ids = sql.literal(`('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`)
  const picture = sql.literal(`'picture-' || (n / ${each})`)
  const author = sql.literal(`'author-' || (n % 16)`)
  const numbers = sql.literal(`generate_series(${from * each}, ${to * each - 1}) AS n`)
  const drawn = Array.from({ length: differentTexts }, (_, number) => textAt(number, 1))
  const texts = Result.getOrThrow(PgTypes.array(drawn, PgTypes.OID.text))
  yield* sql`
    INSERT INTO comments (id, picture_id, author_id, text, version, created_at)
    SELECT ${ids}, ${picture}, ${author}, (${texts}::text[])[n % ${sql.literal(String(differentTexts))} + 1], 1,
           timestamptz '2025-01-01' + n * interval '1 second'
    FROM ${numbers}`
  yield* sql`
    INSERT INTO stream_positions (stream, version, picture_id, author_id)
    SELECT ${ids}, 1, ${picture}, ${author} FROM ${numbers}`
  yield* sql`
    INSERT INTO picture_counts (picture_id, count)
    SELECT 'picture-' || p, ${sql.literal(String(each))} FROM generate_series(${
    sql.literal(`${from}, ${to - 1}`)
  }) AS p`
  // As autovacuum would have done soon.
  yield* sql`ANALYZE`
})

const projectBatches = Effect.fnUntraced(function*(first: number, pictureOf: (number: number) => string) {
  const { project } = yield* Projector
  const work = Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: batchSize }, (_, index) => {
      const number = first + batch * batchSize + index
      return commitOf(number, pictureOf(number), textAt(number, 1))
    }))
  const seconds = yield* secondsOf(Effect.forEach(work, project, { discard: true }))
  return (batches * batchSize) / seconds
})

/** Reads of some picture, and projections, as there are more pictures. */
export const picturesGrowth = Effect.fn("picturesGrowth")(function*(engines: WorkEngines, scale: GrowthScale) {
  const pages: Points = []
  const counts: Points = []
  const projections: Points = []
  yield* Effect.gen(function*() {
    const model = yield* ReadModel
    let made = 0
    let posted = 0
    yield* projectBatches(posted, () => "warming-up")
    posted += batches * batchSize
    for (const size of scale.pictures) {
      yield* fill(made, size)
      made = size
      const pictureAt = (number: number) => PictureId.make(`picture-${(number * stride) % size}`)
      const page = (number: number) =>
        model.page({
          list: CommentList.OfPicture({ picture: pictureAt(number) }),
          order: "newest",
          limit: each,
          after: undefined
        })
      pages.push({ x: size, values: yield* timedRounds(scale, page) })
      const fifty = (number: number) => Array.from({ length: 50 }, (_, index) => pictureAt(number * 50 + index))
      counts.push({ x: size, values: yield* timedRounds(scale, (number) => model.counts(fifty(number))) })
      const rates: Array<number> = []
      while (rates.length < scale.rounds) {
        rates.push(yield* projectBatches(posted, pictureAt))
        posted += batches * batchSize
      }
      projections.push({ x: size, values: rates })
    }
  }).pipe(Effect.provide(onPostgres(engines)))
  const curve = (
    name: string,
    title: string,
    unit: string,
    points: Points,
    reasons: Pick<GrowthCurve, "flatBecause" | "notFlatBecause">
  ): GrowthCurve => ({
    name: `pictures-${name}`,
    title,
    grows: "pictures",
    unit,
    better: unit === "µs" ? "lower" : "higher",
    points,
    ...reasons
  })
  const grown: Grown = {
    curves: [
      curve("page", "First page of some picture", "µs", pages, {
        flatBecause: "The index leads to the picture's own comments.",
        notFlatBecause: null
      }),
      curve("counts", "Counts of 50 pictures", "µs", counts, {
        flatBecause: "Each count is one row, found by its key.",
        notFlatBecause:
          "Each count is a row of its own: 50 pictures of many lie on pages far apart, those of few together."
      }),
      curve(
        "projection",
        "Projection of posts on some pictures",
        "events/s",
        projections,
        {
          flatBecause: "A batch costs what its own posts cost: nothing of the other pictures is read.",
          notFlatBecause:
            "A batch locks and writes one row for each picture that it touches: up to 500 where there are as many."
        }
      )
    ],
    rates: []
  }
  return grown
})
