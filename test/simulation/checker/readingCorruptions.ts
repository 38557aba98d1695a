import type { History } from "../history/History.ts"
import { again, answer, answerOf, body, both, exchange, header, rows, status } from "./corrupting.ts"
import { type Corruption, corruption } from "./Corruption.ts"

const first = (history: History) => history.log[0]?.commit.stream
const poisoned = (history: History, version: number): History["poisoned"] => {
  const stream = first(history)
  return new Map(stream === undefined ? [] : [[stream, { version, planted: null }]])
}

/** Corruptions of what queries showed, and of what is left at the end: rules 3 to 5. */
export const readingCorruptions: ReadonlyArray<Corruption> = [
  corruption("rowsFold", "a comment that has no row", rows(({ comments }) => ({ comments: comments.slice(1) }))),
  corruption(
    "rowsFold",
    "a tombstone that still has its text",
    rows(({ comments }) => ({ comments: comments.map((row) => ({ ...row, text: row.text ?? "tres" })) }))
  ),
  corruption(
    "historyFolds",
    "a line of history that is missing",
    rows(({ history }) => ({ history: history.slice(1) }))
  ),
  corruption(
    "historyFolds",
    "a line of history that is there twice",
    rows(({ history }) => ({ history: [...history, ...history.slice(0, 1)] }))
  ),
  corruption(
    "countsFold",
    "a count that drifted",
    rows(({ pictures }) => ({ pictures: new Map(Array.from(pictures, ([picture, count]) => [picture, count + 1])) }))
  ),
  corruption("caughtUp", "a stream that was left behind", rows(({ positions }) => ({ positions: positions.slice(1) }))),
  corruption(
    "parkedIsPoisoned",
    "a right stream that is parked",
    rows(({ positions }) => ({ positions: positions.map((one, place) => ({ ...one, parked: place === 0 })) }))
  ),
  corruption(
    "parkedIsPoisoned",
    "a poisoned stream that isn't parked",
    (history) => ({ ...history, poisoned: poisoned(history, 4) })
  ),
  corruption("answeredInCalm", "a query that is refused although all is calm", (history) => {
    const last = history.exchanges.findLastIndex(({ request }) => request.path.startsWith("/pictures/"))
    const calmFrom = (history.exchanges[last]?.sent.tick ?? 0) - 1
    return { ...status(last, 503, "service-unavailable")(history), calmFrom }
  }),
  corruption("noneParked", "a stream that is still parked after redrive", (history) => ({
    ...history,
    rowsAfterRedrive: { ...history.rows, positions: history.rows.positions.map((one) => ({ ...one, parked: true })) }
  })),

  corruption(
    "readsYourWrites",
    "a query that shows less than its token",
    both(answerOf(0, 9), answer(9, (one) => ({ ...one, status: 200 })))
  ),
  corruption("readsOneState", "a count that never was", body(13, { count: 9 })),
  corruption("readsOneState", "a page with an older text", answerOf(15, 27)),
  corruption("readsOneState", "a comment that is found before it is gone", status(9, 410, "comment-deleted")),
  corruption(
    "wellFormedPage",
    "a page in the wrong order",
    answer(17, (one) => ({
      ...one,
      body: JSON.parse(JSON.stringify(one.body), (name, value) => name === "items" ? value.toReversed() : value)
    }))
  ),
  corruption("wellFormedPage", "a page whose count isn't its length", body(17, { count: 5 })),
  corruption("knownText", "a text that was never written", body(9, { text: "hm" })),
  corruption(
    "walksOnce",
    "a walk that shows a comment twice",
    answer(16, (one) => ({
      ...one,
      body: JSON.parse(JSON.stringify(one.body), (name, value) => name === "items" ? [...value, ...value] : value)
    }))
  ),
  corruption("walksOnce", "a walk that misses a comment", body(17, { items: [] })),
  corruption("readsOneState", "a page that misses a comment", body(16, { items: [] })),
  corruption("knownAnswer", "a query that is answered as a command", answerOf(0, 9)),
  corruption("statusAgrees", "an outcome that nobody can read", body(19, { status: "maybe" })),
  corruption(
    "tagOfContent",
    "one tag for two contents",
    header(27, "etag", `"{"pictureId":"sunset","count":3}"`)
  ),
  corruption(
    "tagOfContent",
    "two tags for one content",
    again(9, (one) => ({ ...one, answer: one.answer === null ? null : { ...one.answer, headers: { etag: `"7"` } } }))
  ),
  corruption(
    "tagOfContent",
    "nothing new for whoever has something else",
    exchange(10, (one) => ({ ...one, request: { ...one.request, headers: { "if-none-match": `"1"` } } }))
  ),
  corruption(
    "parkedExplained",
    "a query that is refused for a stream that isn't parked",
    status(9, 503, "projection-parked")
  ),
  corruption(
    "behindExplained",
    "a query that is refused as too early for what is there",
    status(9, 503, "read-model-behind")
  ),
  corruption(
    "cursorsLead",
    "a cursor that is refused",
    answer(16, (one) => ({ ...one, status: 400, body: { errors: [{ pointer: "cursor" }] } }))
  ),
  corruption(
    "cursorsLead",
    "a cursor that nobody gave out and that is taken",
    exchange(16, (one) => ({ ...one, request: { ...one.request, path: "/pictures/sunset/comments?cursor=made-up" } }))
  ),
  corruption("historyIsPrivate", "a history that is shown to somebody else", answerOf(11, 12)),
  corruption("freshCache", "a stale entry of the cache", (history) => ({
    ...history,
    cached: [{ path: "/pictures/sunset/comments/count", etag: `"x"`, body: { pictureId: "sunset", count: 7 } }]
  })),
  corruption("freshCache", "an entry that wasn't told to go", (history) => ({
    ...history,
    cachedWhenCalm: [{ path: "/pictures/sunset/comments/count", etag: `"x"`, body: { pictureId: "sunset", count: 3 } }]
  })),
  corruption("nothingHeld", "a fiber that still runs", (history) => ({ ...history, held: { fibers: 1 } }))
]
