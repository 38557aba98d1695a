import type { CommentId } from "../../../src/domain/ids.ts"
import { describe, problemIn } from "./answers.ts"
import type { Tags } from "./etags.ts"
import type { Positions } from "./positions.ts"
import { promises, type Report } from "./promises.ts"
import type { Content, Read } from "./reads.ts"
import type { Query } from "./requests.ts"
import { allReflectedBy, type Reflected } from "./tokens.ts"

/** How old an answer out of the cache may be, with a little for those who look at their clocks a bit later. */
const oldestCachedMillis = 30_000 + 1000

/** The tokens of a query that can concern it; none where it has none. */
export const tokensOf = ({ exchange }: Query, streams: ReadonlyArray<CommentId>): ReadonlyArray<Reflected> => {
  const header = exchange.request.headers["consistency-token"]
  if (header === undefined) return []
  return (allReflectedBy(header) ?? []).filter(({ stream, version }) => version > 0 && streams.includes(stream))
}

/** What an answer says of the read model; null where it says nothing of it. */
export const contentOf = (query: Query, tags: Tags): Content | null => {
  const { answer } = query.exchange
  if (answer === null) return null
  const { body, headers, status } = answer
  if (status === 304) {
    const known = tags.bodyOf(query, headers["etag"] ?? "")
    return known === undefined ? null : { status: 200, body: known }
  }
  const isTold = status === 200 || status === 410 || (status === 404 && problemIn(body) === "comment-not-found") ||
    (status === 403 && problemIn(body) === "not-the-author")
  return isTold ? { status, body } : null
}

/** An answer is what the read model had at one instant, not too long ago, and not before what its tokens ask for. */
export const checkInstant = (
  query: Query,
  read: Read,
  content: Content,
  positions: Positions,
  report: Report
): void => {
  const { exchange } = query
  const { ended, sent } = exchange
  const tokens = tokensOf(query, read.streams)
  const cachedSince = read.isCached ? positions.tickBefore(read.streams, sent.at - oldestCachedMillis) : sent.tick
  const since = tokens.length > 0 ? sent.tick : cachedSince
  const within = (from: number) =>
    positions.instants(read.streams, ({ tick }) => tick > from && tick <= ended.tick, from)
  const fitsAt = (tick: number) => read.fits(content, (id) => positions.comment(id, tick))
  const isReached = (tick: number) =>
    tokens.every(({ stream, version }) => positions.at(stream, tick).version >= version)
  if (within(since).some((tick) => isReached(tick) && fitsAt(tick))) return
  const isOnlyOld = tokens.length > 0 && within(-Infinity).some(fitsAt)
  report(
    isOnlyOld ? promises.readsYourWrites : promises.readsOneState,
    `${exchange.request.path} showed ${describe(exchange.answer)}${
      exchange.answer?.status === 304 ? ` of ${JSON.stringify(content.body)}` : ""
    }, which isn't what was there${tokens.length > 0 ? ` with ${JSON.stringify(tokens)}` : ""}`,
    exchange
  )
}
