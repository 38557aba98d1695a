import type { CachedAtEnd, Exchange } from "../history/History.ts"
import { checkBounded } from "./bounded.ts"
import { checkCursors, Cursors } from "./cursors.ts"
import { checkNotModified, Tags } from "./etags.ts"
import { checkInstant, contentOf } from "./freshness.ts"
import type { Judged } from "./Judged.ts"
import { listIn } from "./lists.ts"
import { nothingYet } from "./model.ts"
import { checkPages, checkTexts } from "./pages.ts"
import { Positions } from "./positions.ts"
import { promises, type Report } from "./promises.ts"
import { type Index, indexOf, readOf } from "./reads.ts"
import { checkRefusal } from "./refusals.ts"
import { askedIn, type Query } from "./requests.ts"
import { checkWalks } from "./walks.ts"

const checkEach = (
  judged: Judged,
  index: Index,
  cursors: Cursors,
  tags: Tags,
  positions: Positions | null,
  report: Report
) => {
  const known = {
    comments: (id: Parameters<Judged["streams"]["get"]>[0]) => judged.streams.get(id)?.comments ?? [],
    bounds: (id: Parameters<Judged["bounds"]["get"]>[0]) => judged.bounds.get(id)
  }
  for (const query of judged.queries) {
    const read = readOf(query, index, cursors)
    if (read === null) continue
    const content = contentOf(query, tags)
    if (content === null) {
      if (positions !== null) checkRefusal(query, read, positions, report)
    } else if (positions === null) {
      const list = listIn(query)
      const cursor = query.parameters.get("cursor")
      const began = list === null || cursor === null ? null : cursors.placeIn(list, cursor) ?? null
      checkBounded(known, query, read, content, began, report)
    } else checkInstant(query, read, content, positions, report)
  }
}

// Only a comment's author and moderators are shown its history, whatever the read model has.
const checkPrivacy = (judged: Judged, report: Report): void => {
  const authors = new Map<string, string | null | undefined>(
    Array.from(judged.streams.values(), ({ events, id }) => [id, events[0]?.author] as const)
  )
  for (const { exchange, path } of judged.queries) {
    const [first, , last] = path
    if (first !== "comments" || last !== "history" || (exchange.answer?.status ?? 500) >= 400) continue
    const author = authors.get(path[1]?.toLowerCase() ?? "")
    if (exchange.client !== author && !exchange.scopes.includes("comments:moderate")) {
      report(promises.historyIsPrivate, `${exchange.client} was shown the history of ${path[1]}`, exchange)
    }
  }
}

// A request that the entry would answer, so that it is read as one.
const asQuery = ({ body, etag, path }: CachedAtEnd, like: Exchange): Query | null => {
  const asked = askedIn({
    ...like,
    request: { method: "GET", path, headers: {}, body: undefined },
    answer: { status: 200, headers: { etag }, body }
  })
  return asked?._tag === "Query" ? asked : null
}

const checkCached = (
  { history, streams }: Judged,
  entries: ReadonlyArray<CachedAtEnd>,
  isMended: boolean,
  index: Index,
  cursors: Cursors,
  report: Report
): void => {
  const [like] = history.exchanges
  if (like === undefined) return
  for (const entry of entries) {
    const query = asQuery(entry, like)
    const read = query === null ? null : readOf(query, index, cursors)
    const fits = read?.fits({ status: 200, body: entry.body }, (id) => {
      const comments = streams.get(id)?.comments ?? []
      const poisonedAt = isMended ? Infinity : history.poisoned.get(id)?.version ?? Infinity
      return comments[Math.min(comments.length, poisonedAt) - 1] ?? nothingYet(id)
    })
    if (fits === false) report(promises.freshCache, `${entry.path} is cached as ${JSON.stringify(entry.body)}`)
  }
}

/** Queries show what the read model had, when they may, and as the contract wants it. */
export const checkQueries = (judged: Judged, report: Report): void => {
  const { history, queries, streams } = judged
  const index = indexOf(streams)
  const cursors = new Cursors(queries, report)
  const tags = new Tags(queries, report)
  const positions = history.positions === null ? null : new Positions(streams, history.positions)
  checkEach(judged, index, cursors, tags, positions, report)
  checkPages(queries, report)
  checkTexts(queries, streams, report)
  checkCursors(queries, cursors, report)
  checkNotModified(queries, report)
  checkPrivacy(judged, report)
  checkWalks(queries, index, positions, report)
  checkCached(judged, history.cached, history.rowsAfterRedrive !== null, index, cursors, report)
  checkCached(judged, history.cachedWhenCalm ?? [], false, index, cursors, report)
}
