import { Schema } from "effect"
import { CommentId } from "../../../src/domain/ids.ts"
import { commentIn, pageIn, problemIn, type WirePage } from "./answers.ts"
import type { Cursors } from "./cursors.ts"
import { equal } from "./equal.ts"
import { type ExpectedPage, limitIn, type List, listIn, pageOf, type Place } from "./lists.ts"
import type { Stream } from "./log.ts"
import { type Comment, isVisible, shown, shownEvent } from "./model.ts"
import type { Query } from "./requests.ts"

/** What is asked, and whether an answer to it fits what the read model has. */
export interface Read {
  /** Whether it is answered out of the cache, unless a token concerns it. */
  readonly isCached: boolean
  /** The streams that the answer depends on. */
  readonly streams: ReadonlyArray<CommentId>
  readonly fits: (content: Content, at: (id: CommentId) => Comment) => boolean
}

/** What was answered; a 304 stands for the body that its tag is of. */
export interface Content {
  readonly status: number
  readonly body: unknown
}

/** The streams of each picture and each author. */
export interface Index {
  readonly streams: ReadonlyMap<CommentId, Stream>
  readonly pictures: ReadonlyMap<string, ReadonlyArray<CommentId>>
  readonly authors: ReadonlyMap<string, ReadonlyArray<CommentId>>
}

export const indexOf = (streams: ReadonlyMap<CommentId, Stream>): Index => {
  const posted = Array.from(streams.values()).filter(({ events }) => events.length > 0)
  const by = (name: (stream: Stream) => string) =>
    new Map(Array.from(Map.groupBy(posted, name), ([key, all]) => [key, all.map(({ id }) => id)] as const))
  return {
    streams,
    pictures: by(({ events }) => events[0]?.picture ?? ""),
    authors: by(({ events }) => events[0]?.author ?? "")
  }
}

const isCommentId = Schema.is(CommentId)

/** Whether a page says what is expected; its cursor counts as being there or not. */
const fitsPage = (page: WirePage | null, expected: ExpectedPage): boolean =>
  page !== null && (page.nextCursor !== null) === expected.more &&
  equal(page.items, expected.items)

const countOf = (streams: ReadonlyArray<CommentId>, at: (id: CommentId) => Comment): number =>
  streams.filter((id) => isVisible(at(id))).length

const pageRead = (list: List, limit: number, place: Place | null, streams: ReadonlyArray<CommentId>): Read => ({
  isCached: list.of === "picture",
  streams,
  fits: ({ body }, at) => {
    const page = pageIn(body)
    const visible = streams.map(at).filter(isVisible)
    // The count is cheap to compare, and differs at most instants that don't fit.
    return page?.count === visible.length && fitsPage(page, pageOf(visible, list.order, limit, place))
  }
})

const commentRead = (id: CommentId): Read => ({
  isCached: false,
  streams: [id],
  fits: ({ body, status }, at) => {
    const comment = at(id)
    if (comment.version === 0) return status === 404
    return isVisible(comment) ? status === 200 && equal(commentIn(body), shown(comment)) : status === 410
  }
})

const historyRead = (id: CommentId, { exchange }: Query, stream: Stream | undefined): Read => ({
  isCached: false,
  streams: [id],
  fits: ({ body, status }, at) => {
    const { author, version } = at(id)
    if (version === 0) return status === 404
    const mayRead = exchange.client === author || exchange.scopes.includes("comments:moderate")
    if (!mayRead) return status === 403 && problemIn(body) === "not-the-author"
    return status === 200 && equal(body, { items: (stream?.events ?? []).slice(0, version).map(shownEvent) })
  }
})

/** What a query asks for; null for what is not judged: addresses that there aren't, cursors that nobody gave out. */
export const readOf = (query: Query, index: Index, cursors: Cursors): Read | null => {
  const { parameters, path } = query
  const [first, name, last] = path
  const list = listIn(query)
  if (list !== null) {
    const cursor = parameters.get("cursor")
    const place = cursor === null ? null : cursors.placeIn(list, cursor)
    if (place === undefined) return null
    return pageRead(
      list,
      limitIn(query),
      place,
      (list.of === "picture" ? index.pictures : index.authors).get(list.name) ?? []
    )
  }
  if (first === "pictures" && name !== undefined && path[3] === "count" && path.length === 4) {
    const streams = index.pictures.get(name) ?? []
    return {
      isCached: true,
      streams,
      fits: ({ body }, at) => equal(body, { pictureId: name, count: countOf(streams, at) })
    }
  }
  if (first === "comment-counts" && path.length === 1) {
    const asked = parameters.getAll("pictureId").map((picture) => ({
      picture,
      streams: index.pictures.get(picture) ?? []
    }))
    return {
      isCached: false,
      streams: asked.flatMap(({ streams }) => streams),
      fits: ({ body }, at) =>
        equal(body, {
          items: asked.map(({ picture, streams }) => ({ pictureId: picture, count: countOf(streams, at) }))
        })
    }
  }
  const id = name?.toLowerCase()
  if (first !== "comments" || !isCommentId(id)) return null
  if (path.length === 2) return commentRead(id)
  return path.length === 3 && last === "history" ? historyRead(id, query, index.streams.get(id)) : null
}
