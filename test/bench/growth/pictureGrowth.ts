import { Array as Arr, Effect } from "effect"
import { CommentId, PictureId, Timestamp } from "../../../src/domain/ids.ts"
import { Projector } from "../../../src/projections/Projector.ts"
import { CommentList } from "../../../src/queries/CommentList.ts"
import type { PagePosition } from "../../../src/queries/Cursor.ts"
import { ReadModel } from "../../../src/queries/ReadModel.ts"
import { textAt } from "../load/model/textPool.ts"
import { commitOf, idOf, postedAt } from "../work/commits.ts"
import type { WorkEngines } from "../work/WorkRow.ts"
import type { GrowthCurve } from "./GrowthCurve.ts"
import type { Grown, GrowthScale } from "./GrowthJob.ts"
import { onPostgres } from "./storage.ts"
import { timedPoints } from "./timing.ts"

/** Comments on a page: as many as the smallest picture has. */
const limit = 10

/** How far into the walk the deep page is. */
const depth = 0.9

const batchSize = 500

const fill = Effect.fnUntraced(function*(first: number, picture: string, count: number) {
  const { project } = yield* Projector
  const commits = Array.from(
    { length: count },
    (_, number) => commitOf(first + number, picture, textAt(first + number, 1))
  )
  yield* Effect.forEach(Arr.chunksOf(commits, batchSize), project, { discard: true })
})

/** Reads of a picture as it gets more comments, past every cache. */
export const pictureGrowth = Effect.fn("pictureGrowth")(function*(engines: WorkEngines, scale: GrowthScale) {
  const points = yield* Effect.gen(function*() {
    const { counts, page } = yield* ReadModel
    const sizes: Array<{ readonly x: number; readonly picture: PictureId; readonly after: PagePosition }> = []
    let made = 0
    for (const size of scale.picture) {
      const picture = PictureId.make(`picture-of-${size}`)
      yield* fill(made, picture, size)
      const last = made + Math.floor(size * (1 - depth))
      const after = { createdAt: Timestamp.make(postedAt + last), id: CommentId.make(idOf(last)) }
      sizes.push({ x: size, picture, after })
      made += size
    }
    const pageOf = (picture: PictureId, limit: number, after: PagePosition | undefined) =>
      page({ list: CommentList.OfPicture({ picture }), order: "newest", limit, after })
    return {
      first: yield* timedPoints(
        scale,
        sizes.map(({ picture, x }) => ({ x, operation: pageOf(picture, limit, undefined) }))
      ),
      deep: yield* timedPoints(
        scale,
        sizes.map(({ after, picture, x }) => ({ x, operation: pageOf(picture, 1, after) }))
      ),
      count: yield* timedPoints(scale, sizes.map(({ picture, x }) => ({ x, operation: counts([picture]) })))
    }
  }).pipe(Effect.provide(onPostgres(engines)))
  const curve = (
    name: keyof typeof points,
    title: string,
    flatBecause: string,
    notFlatBecause: string | null
  ): GrowthCurve => ({
    name: `picture-${name}`,
    title,
    grows: "comments",
    unit: "µs",
    better: "lower",
    points: points[name],
    flatBecause,
    notFlatBecause
  })
  const grown: Grown = {
    curves: [
      curve("first", "First page of a picture", "An index has a picture's comments in the order of its pages.", null),
      curve(
        "deep",
        "A page of one comment, 90 % into the walk",
        "The cursor is a place in the index: nothing before it is read.",
        null
      ),
      curve(
        "count",
        "Count of a picture",
        "Comments are counted as they are projected, never when they are read.",
        null
      )
    ],
    rates: []
  }
  return grown
})
