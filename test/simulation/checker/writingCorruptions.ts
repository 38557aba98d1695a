import { Version } from "../../../src/domain/ids.ts"
import { answer, answerOf, body, both, event, exchange, header, log, rows, status } from "./corrupting.ts"
import { type Corruption, corruption } from "./Corruption.ts"

/** Corruptions of what commands did: rules 1 and 2. */
export const writingCorruptions: ReadonlyArray<Corruption> = [
  corruption("readable", "an event of an unknown type", event(1, { type: "CommentLiked" })),
  corruption("acceptedOnce", "a commit that is missing", log((one, place) => place === 1 ? [] : [one])),
  corruption("acceptedOnce", "a last commit that is missing", log((one, place) => place === 5 ? [] : [one])),
  corruption("acceptedOnce", "a text that isn't what was answered", event(3, { data: { text: "due" } })),
  corruption("acceptedOnce", "another time than was answered", event(1, { at: 1 })),
  corruption("acceptedOnce", "an answer with another version", body(7, { version: 1 })),
  corruption(
    "askedFor",
    "a commit that nobody asked for",
    exchange(3, (one) => ({ ...one, request: { ...one.request, method: "GET" } }))
  ),
  corruption("askedFor", "a commit under somebody else's name", event(1, { by: "ana" })),
  corruption("askedFor", "a commit of another request", event(1, { correlation: "request-4" })),
  corruption("refusedNever", "a refused edit that is in the log", status(5, 412, "version-mismatch")),
  corruption(
    "refusedNever",
    "a commit of which nothing was said to be decided",
    answer(5, (one) => ({ ...one, status: 503, body: { detail: "Nothing was decided about the request: try again." } }))
  ),
  corruption("onceForAKey", "one command that made two commits", (history) => {
    return event(4, { command: JSON.stringify(history.log[3]?.commit.events).match(/"command":"([^"]*)"/)?.[1] })(
      history
    )
  }),
  corruption("oneFirstAnswer", "a replay that doesn't say so", header(1, "idempotency-replayed", undefined)),
  corruption("oneIdForAKey", "a replay with another id", answerOf(3, 1)),
  corruption("oneIdForAKey", "a replay with a later body", body(24, { text: "tres" })),
  corruption("settledOnce", "a settled command that changes its mind", body(20, { status: "failed" })),
  corruption(
    "settledOnce",
    "a settled command that is pending again",
    answer(20, (one) => ({ ...one, body: { id: "x", status: "pending" } }))
  ),
  corruption(
    "statusAgrees",
    "a command that is told to be rejected and made a commit",
    both(
      answer(
        19,
        (one) => ({
          ...one,
          body: { id: "x", status: "rejected", problem: { type: "/problems/not-the-author", status: 403 } }
        })
      ),
      exchange(20, (one) => ({ ...one, answer: null }))
    )
  ),
  corruption(
    "statusAgrees",
    "a command that is told to be done and isn't in the log",
    both(log((one, place) => place === 4 ? [] : [one]), exchange(20, (one) => ({ ...one, answer: null })))
  ),
  corruption("statusForItsOwner", "an outcome that is told to somebody else", answerOf(19, 21)),
  corruption("statusForItsOwner", "an outcome that its owner isn't told", answerOf(21, 19)),

  corruption("contiguous", "a version that is missing", log((one, place) => place === 3 ? [] : [one])),
  corruption("contiguous", "a commit that is there twice", log((one, place) => place === 3 ? [one, one] : [one])),
  corruption(
    "acceptedOnce",
    "two versions that are swapped",
    log((one, place) =>
      place === 3 || place === 4
        ? [{
          ...one,
          commit: {
            ...one.commit,
            version: Version.make(5 - one.commit.version),
            lastVersion: Version.make(5 - one.commit.version)
          }
        }]
        : [one]
    )
  ),
  corruption("timeGoesOn", "a time that goes back", event(4, { at: 1 })),
  corruption(
    "decidedThere",
    "an edit that was accepted against its condition",
    exchange(
      5,
      (one) => ({ ...one, request: { ...one.request, headers: { ...one.request.headers, "if-match": `"7"` } } })
    )
  ),
  corruption(
    "decidedThere",
    "a deletion by somebody who may not",
    exchange(22, (one) => ({ ...one, scopes: ["comments:write"] }))
  ),
  corruption("decidedThere", "an author's deletion under a moderator's name", event(5, { data: { by: "author" } })),
  corruption("explained", "a comment that isn't found although it is there", status(7, 404, "comment-not-found")),
  corruption("explained", "a comment that is gone too early", status(7, 410, "comment-deleted")),
  corruption("explained", "an author who is refused", status(7, 403, "not-the-author")),
  corruption(
    "explained",
    "a condition that held and was refused",
    exchange(
      6,
      (one) => ({ ...one, request: { ...one.request, headers: { ...one.request.headers, "if-match": `"2"` } } })
    )
  ),
  corruption("explained", "another payload under a key that is replayed", answerOf(1, 2)),
  corruption("explained", "a key that was forgotten too early", status(24, 410, "comment-deleted")),
  corruption("explained", "a no-op that is answered from an older version", answerOf(0, 7)),
  corruption(
    "inTime",
    "a commit that landed after its answer",
    log((one, place) =>
      place === 1 && one.landed !== null ? [{ ...one, landed: { ...one.landed, tick: one.landed.tick + 2 } }] : [one]
    )
  ),
  corruption("knownAnswer", "an answer that says that something is broken", status(8, 500, "internal-error")),
  corruption("knownAnswer", "a right text that is refused", status(8, 422, "invalid-request")),
  corruption("knownAnswer", "somebody without the scope who writes", exchange(5, (one) => ({ ...one, scopes: [] }))),
  corruption("wellLabelled", "a tag that isn't the version", header(3, "etag", `"2"`)),
  corruption("wellLabelled", "somebody else's number", header(3, "x-request-id", "request-4")),
  corruption("wellLabelled", "no word of when to come again", status(8, 503, "service-unavailable")),
  corruption("wellLabelled", "no word of an answer's coming later", header(18, "preference-applied", undefined)),
  corruption("explained", "contention where nobody else wrote", status(6, 409, "too-much-contention")),
  corruption("wellLabelled", "no token", header(5, "consistency-token", undefined)),

  corruption(
    "rowsFold",
    "a row with an older text",
    rows(({ comments }) => ({ comments: comments.map((row, place) => place === 1 ? { ...row, text: "old" } : row) }))
  )
]
