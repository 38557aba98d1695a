import type { CommentId } from "../../../src/domain/ids.ts"
import { pageIn, type WirePage } from "./answers.ts"
import { type List, listIn, nameOf } from "./lists.ts"
import { isVisible } from "./model.ts"
import type { Positions } from "./positions.ts"
import { promises, type Report } from "./promises.ts"
import type { Index } from "./reads.ts"
import type { Query } from "./requests.ts"

/** As old as the page may be that a walk gets out of the cache. */
const oldestCachedMillis = 31_000

interface Page {
  readonly query: Query
  readonly list: List
  readonly page: WirePage
}

const pagesIn = (queries: ReadonlyArray<Query>): ReadonlyArray<Page> =>
  queries.flatMap((query) => {
    const list = listIn(query)
    const page = list === null || query.exchange.answer?.status !== 200 ? null : pageIn(query.exchange.answer.body)
    return list === null || page === null ? [] : [{ query, list, page }]
  })

const keyOf = ({ list, query }: Page, cursor: string): string => `${query.exchange.client} ${nameOf(list)} ${cursor}`

/** Whole walks of a client: from a first page, from cursor to cursor, to a last. */
const walksIn = (pages: ReadonlyArray<Page>): ReadonlyArray<ReadonlyArray<Page>> => {
  const givers = Map.groupBy(pages, (page) => keyOf(page, page.page.nextCursor ?? ""))
  const walkTo = (last: Page): ReadonlyArray<Page> | null => {
    const walk = [last]
    for (let page = last;;) {
      const cursor = page.query.parameters.get("cursor")
      if (cursor === null) return walk.toReversed()
      const { tick } = page.query.exchange.sent
      const before = givers.get(keyOf(page, cursor))?.findLast(({ query }) => query.exchange.ended.tick <= tick)
      if (before === undefined) return null
      walk.push(before)
      page = before
    }
  }
  return pages.filter(({ page }) => page.nextCursor === null).map(walkTo).filter((walk) => walk !== null)
}

// Whether a comment was visible at every instant that one of the walk's pages can be of.
const wasThere = (positions: Positions, id: CommentId, since: number, until: number): boolean =>
  positions.instants([id], ({ tick }) => tick > since && tick <= until, since)
    .every((tick) => isVisible(positions.comment(id, tick)))

/** Every comment that was there during a whole walk is shown exactly once, and none twice. */
export const checkWalks = (
  queries: ReadonlyArray<Query>,
  index: Index,
  positions: Positions | null,
  report: Report
): void => {
  for (const walk of walksIn(pagesIn(queries))) {
    const [first] = walk
    const last = walk.at(-1)
    if (first === undefined || last === undefined) continue
    const exchanges = walk.map(({ query }) => query.exchange)
    const seen = walk.flatMap(({ page }) => page.items.map(({ id }) => id))
    const unique = new Set(seen)
    const where = nameOf(first.list)
    if (unique.size < seen.length) {
      report(promises.walksOnce, `a walk of the ${where} showed a comment twice: ${seen.join(", ")}`, ...exchanges)
    }
    if (positions === null) continue
    const streams = (first.list.of === "picture" ? index.pictures : index.authors).get(first.list.name) ?? []
    const since = first.list.of === "picture"
      ? positions.tickBefore(streams, first.query.exchange.sent.at - oldestCachedMillis)
      : first.query.exchange.sent.tick
    const until = last.query.exchange.ended.tick
    const missed = streams.filter((id) => !unique.has(id) && wasThere(positions, id, since, until))
    if (missed.length > 0) {
      report(promises.walksOnce, `a walk of the ${where} missed ${missed.join(", ")}`, ...exchanges)
    }
  }
}
