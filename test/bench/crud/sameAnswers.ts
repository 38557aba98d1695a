import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientResponse } from "effect/http"
import { BenchError } from "../BenchError.ts"
import { coldPathOf, coldPictures } from "../subject/coldPages.ts"
import type { CrudSide } from "./CrudSide.ts"
import { pictureName } from "./CrudSite.ts"

/** What a page says, whatever else each side's contract has beside it. */
const Page = Schema.Struct({
  items: Schema.Array(Schema.Struct({
    id: Schema.String,
    pictureId: Schema.String,
    authorId: Schema.String,
    text: Schema.String,
    version: Schema.Int
  })),
  count: Schema.Int
})
export type Page = typeof Page.Type

/** Why two sides' answers aren't the same, or null if they are. An empty page is nobody's right answer. */
export const differenceOf = (one: Page, other: Page): string | null => {
  if (one.items.length === 0) return "the page is empty"
  if (one.count !== other.count) return `${other.count} comments instead of ${one.count}`
  return JSON.stringify(one.items) === JSON.stringify(other.items) ? null : "other comments, or in another order"
}

/** Hot, long and cold pages, from both ends. */
const paths = (plantedRanks: ReadonlyArray<number>): ReadonlyArray<string> => [
  ...plantedRanks.flatMap((rank) => {
    const list = `/pictures/${pictureName(rank - 1)}/comments`
    return [list, `${list}?order=oldest&limit=50`]
  }),
  ...[0, 1, coldPictures, 81 * coldPictures].map(coldPathOf)
]

const read = ({ name, ports: [port] }: CrudSide, path: string) =>
  HttpClient.get(`http://127.0.0.1:${port}${path}`).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Page)),
    Effect.mapError((error) => new BenchError({ message: `${name} can't be asked for ${path}: ${String(error)}` }))
  )

/** Fails unless all sides answer with the same comments and counts: one that had none would be the fastest. */
export const requireSameAnswers = Effect.fn("requireSameAnswers")(
  function*(sides: ReadonlyArray<CrudSide>, plantedRanks: ReadonlyArray<number>) {
    for (const path of paths(plantedRanks)) {
      const pages = yield* Effect.forEach(sides, (side) => Effect.map(read(side, path), (page) => ({ page, side })))
      const [first, ...others] = pages
      for (const other of others) {
        const difference = first === undefined ? null : differenceOf(first.page, other.page)
        if (difference === null) continue
        return yield* new BenchError({ message: `${other.side.name} answers ${path} differently: ${difference}` })
      }
    }
  },
  Effect.provide(FetchHttpClient.layer)
)
