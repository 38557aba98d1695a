import { Effect } from "effect"
import { reflectedBy } from "../checker/tokens.ts"
import type { Line } from "../clients/Line.ts"
import { authors, moderator, pictures } from "../clients/People.ts"
import type { Chance } from "../kernel/Chance.ts"
import type { World } from "../kernel/World.ts"
import type { Engines } from "../site/Engines.ts"

/** As long as the contract lets a page be served out of the cache, in milliseconds, whatever the program thinks. */
export const longestCached = 30_000

/** Beyond that, for an answer that was under way. */
const margin = 1_500

const betweenLooks = 5_000
const mostTokens = 5
const [hottest] = pictures
const [someone] = authors

const pagesAndCounts = pictures.flatMap((picture) => {
  const comments = `/pictures/${encodeURIComponent(picture)}/comments`
  return [comments, `${comments}/count`]
})
const lists = [
  ...pagesAndCounts,
  ...authors.map(({ id }) => `/users/${id}/comments`),
  `/comment-counts?${pictures.map((picture) => `pictureId=${encodeURIComponent(picture)}`).join("&")}`
]

// Of what was told last; an operator may have taken out of the log what was planted beside it.
const lastTokens = ({ exchanges }: Line, isRight: (stream: string) => boolean): ReadonlyArray<string> => {
  const tokens = exchanges.flatMap(({ answer }) => {
    const token = answer !== null && answer.status < 300 ? answer.headers["consistency-token"] : undefined
    const reflected = token === undefined ? null : reflectedBy(token)
    return token !== undefined && reflected !== null && isRight(reflected.stream) ? [token] : []
  })
  return Array.from(new Set(tokens)).slice(-mostTokens)
}

const lookAt = (chance: Chance, line: Line, paths: ReadonlyArray<string>, tokens: ReadonlyArray<string>) =>
  Effect.forEach(
    paths,
    (path) =>
      line.send(chance, {
        who: path.endsWith("/history") ? moderator : someone,
        method: "GET",
        path,
        headers: tokens.length === 0 ? {} : { "consistency-token": tokens.join(", ") }
      }),
    { discard: true }
  )

/**
 * Looks at everything once more while all is calm: first at what the cache may have, until nothing that it had before may
 * be served any more, and then at every list, comment and history. Gives the tick from which on each query must have been
 * answered.
 */
export const lastLooks = Effect.fnUntraced(function*(
  world: World,
  { dynamo }: Engines,
  line: Line,
  { calmSince, isRight }: { readonly calmSince: number; readonly isRight: (stream: string) => boolean }
) {
  const { journal } = world
  const chance = world.chance.fork("last looks")
  const { tick } = journal.moment()
  const settled = calmSince + longestCached + margin
  yield* lookAt(chance, line, pagesAndCounts, [])
  while (journal.now() < settled) {
    yield* Effect.sleep(Math.min(betweenLooks, settled - journal.now()))
    yield* lookAt(chance, line, [`/pictures/${hottest}/comments`], [])
  }
  const streams = Array.from(new Set(dynamo.log.map(({ commit }) => commit.stream)))
  yield* lookAt(chance, line, lists, [])
  yield* lookAt(chance, line, lists, lastTokens(line, isRight))
  yield* lookAt(chance, line, streams.flatMap((stream) => [`/comments/${stream}`, `/comments/${stream}/history`]), [])
  return tick
})
