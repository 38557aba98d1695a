import type { CommentId } from "../../../src/domain/ids.ts"
import { commentIn, describe, pageIn } from "./answers.ts"
import { type Bounds, versionsBetween } from "./bounds.ts"
import { tokensOf } from "./freshness.ts"
import { isBefore, listIn, type Place } from "./lists.ts"
import { type Comment, isVisible, shown } from "./model.ts"
import { promises, type Report } from "./promises.ts"
import type { Content, Read } from "./reads.ts"
import type { Query } from "./requests.ts"

/** What is known where nobody saw the read model's positions. */
export interface Known {
  readonly comments: (id: CommentId) => ReadonlyArray<Comment>
  readonly bounds: (id: CommentId) => Bounds | undefined
}

const versionsShown = ({ body }: Content): ReadonlyMap<CommentId, number> => {
  const comment = commentIn(body)
  const items = comment === null ? pageIn(body)?.items ?? [] : [comment]
  return new Map(items.map(({ id, version }) => [id, version]))
}

/** Whether a page reaches as far as a place, given where it began and where it ended. */
const covers = (query: Query, content: Content, began: Place | null, place: Place): boolean => {
  const list = listIn(query)
  const page = pageIn(content.body)
  const last = page?.items.at(-1)
  if (list === null || page === null) return false
  const isAfterBeginning = began === null || isBefore(list.order, began, place)
  return isAfterBeginning && (page.nextCursor === null || last === undefined || isBefore(list.order, place, last))
}

// Every state that the token allows is there to be seen, so a page that reaches there must have it.
const isMissed = (
  known: Known,
  query: Query,
  content: Content,
  began: Place | null,
  stream: CommentId,
  version: number
) => {
  const bounds = known.bounds(stream)
  const comments = known.comments(stream)
  const highest = bounds === undefined
    ? 0
    : versionsBetween(bounds, query.exchange.sent.tick, query.exchange.ended.tick).highest
  const possible = comments.slice(version, highest + 1)
  const [first] = possible
  return first !== undefined && possible.every(isVisible) && covers(query, content, began, shown(first))
}

/** As far as can be told without the read model's positions: nothing from the future, and nothing before the tokens. */
export const checkBounded = (
  known: Known,
  query: Query,
  read: Read,
  content: Content,
  began: Place | null,
  report: Report
): void => {
  const { exchange } = query
  const versions = versionsShown(content)
  for (const [id, version] of versions) {
    if ((known.bounds(id)?.earliest[version] ?? Infinity) > exchange.ended.tick) {
      report(
        promises.readsOneState,
        `${exchange.request.path} showed version ${version} of ${id} before it was there`,
        exchange
      )
    }
  }
  for (const { stream, version } of tokensOf(query, read.streams)) {
    const found = versions.get(stream)
    const isNeverThere = content.status === 404
    const isOld = found === undefined
      ? isNeverThere || isMissed(known, query, content, began, stream, version)
      : found < version
    if (isOld) {
      report(
        promises.readsYourWrites,
        `${exchange.request.path} showed ${describe(exchange.answer)}, older than version ${version} of ${stream}`,
        exchange
      )
    }
  }
  if (read.streams.length === 1 && listIn(query) === null) checkPrefix(known, query, read, content, report)
}

// A comment and its history: some prefix of the log makes them.
const checkPrefix = (known: Known, query: Query, read: Read, content: Content, report: Report): void => {
  const [id] = read.streams
  if (id === undefined || read.isCached) return
  const comments = known.comments(id)
  const bounds = known.bounds(id)
  const asked = Math.max(0, ...tokensOf(query, read.streams).map(({ version }) => version))
  const fits = comments.some((comment, version) =>
    version >= asked && (bounds?.earliest[version] ?? 0) <= query.exchange.ended.tick &&
    read.fits(content, () => comment)
  )
  if (comments.length > 0 && !fits) {
    report(
      asked > 0 ? promises.readsYourWrites : promises.readsOneState,
      `${query.exchange.request.path} showed ${describe(query.exchange.answer)}, which no such prefix of the log makes`,
      query.exchange
    )
  }
}
