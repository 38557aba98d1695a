import type { CommentId } from "../../../src/domain/ids.ts"
import { commentIn, pageIn, type WireComment } from "./answers.ts"
import { equal } from "./equal.ts"
import { isBefore, limitIn, listIn } from "./lists.ts"
import type { Stream } from "./log.ts"
import { shown } from "./model.ts"
import { promises, type Report } from "./promises.ts"
import type { Query } from "./requests.ts"

/** A page is in order and within its limit, holds what belongs to its list, and its count and cursor agree with it. */
export const checkPages = (queries: ReadonlyArray<Query>, report: Report): void => {
  for (const query of queries) {
    const list = listIn(query)
    const page = list === null || query.exchange.answer?.status !== 200 ? null : pageIn(query.exchange.answer.body)
    if (list === null || page === null) continue
    const { count, items, nextCursor } = page
    const limit = limitIn(query)
    const isOrdered = items.every((item, index) => {
      const before = items[index - 1]
      return before === undefined || isBefore(list.order, before, item)
    })
    const isOfList = items.every((item) => list.name === (list.of === "picture" ? item.pictureId : item.authorId))
    const isWhole = nextCursor === null && !query.parameters.has("cursor")
    const isCounted = isWhole ? count === items.length : count >= items.length
    const hasCursor = nextCursor === null || items.length === limit
    if (!isOrdered || !isOfList || !isCounted || !hasCursor || items.length > limit) {
      report(promises.wellFormedPage, `${query.exchange.request.path}: ${JSON.stringify(page)}`, query.exchange)
    }
  }
}

const isKnown = (comment: WireComment, streams: ReadonlyMap<CommentId, Stream>): boolean => {
  const known = comment.version < 1 ? undefined : streams.get(comment.id)?.comments[comment.version]
  return known !== undefined && equal(comment, shown(known))
}

/** What is shown of a comment is what its log makes of it at that version. */
export const checkTexts = (
  queries: ReadonlyArray<Query>,
  streams: ReadonlyMap<CommentId, Stream>,
  report: Report
): void => {
  for (const { exchange, path } of queries) {
    if (exchange.answer?.status !== 200 || path[2] === "history") continue
    const { body } = exchange.answer
    const comment = path[0] === "comments" ? commentIn(body) : null
    const shownThere = comment === null ? pageIn(body)?.items ?? [] : [comment]
    const unknown = shownThere.find((one) => !isKnown(one, streams))
    if (unknown !== undefined) {
      report(
        promises.knownText,
        `${exchange.request.path} showed ${JSON.stringify(unknown)}, which its log never had`,
        exchange
      )
    }
  }
}
