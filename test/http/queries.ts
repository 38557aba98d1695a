import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { OutgoingHttpHeaders } from "node:http"
import { assertStatus } from "./assertAnswer.ts"
import { bearer, CommentJson } from "./comments.ts"
import type { Reply } from "./exchange.ts"
import { exchange, jsonOf } from "./exchange.ts"

/** The headers of a query that reflects commands. It is given plenty of time: a test isn't about how long that takes. */
export const after = (...tokens: ReadonlyArray<string>): OutgoingHttpHeaders => ({
  "consistency-token": tokens.join(", "),
  prefer: "wait=10"
})

export const get = (path: string, headers: OutgoingHttpHeaders = {}) => exchange({ method: "GET", path, headers })

export const head = (path: string, headers: OutgoingHttpHeaders = {}) => exchange({ method: "HEAD", path, headers })

const decodePage = Schema.decodeUnknownSync(
  Schema.Struct({
    items: Schema.Array(CommentJson),
    nextCursor: Schema.NullOr(Schema.NonEmptyString),
    count: Schema.Int
  }),
  { onExcessProperty: "error" }
)
const decodeHistory = Schema.decodeUnknownSync(
  Schema.Struct({
    items: Schema.Array(Schema.Struct({
      version: Schema.Int,
      type: Schema.String,
      at: Schema.String,
      text: Schema.optionalKey(Schema.String)
    }))
  }),
  { onExcessProperty: "error" }
)

/** The page that an answer brought, and nothing but a page. */
export const pageOf = (reply: Reply) => decodePage(jsonOf(assertStatus(reply, 200)))

/** The history that an answer brought. */
export const historyOf = (reply: Reply) => decodeHistory(jsonOf(assertStatus(reply, 200)))

export const pageUrl = (picture: string, query = ""): string => `/pictures/${picture}/comments${query}`
export const countUrl = (picture: string): string => `/pictures/${picture}/comments/count`
export const userUrl = (user: string, query = ""): string => `/users/${encodeURIComponent(user)}/comments${query}`
export const commentUrl = (id: string): string => `/comments/${id}`
export const historyUrl = (id: string): string => `/comments/${id}/history`

/** A comment's history, as its author reads it once a command is visible. */
export const historyAfter = Effect.fnUntraced(function*(id: string, by: string, token: string) {
  return historyOf(yield* get(historyUrl(id), { ...(yield* bearer(by)), ...after(token) })).items
})

/** Reads a list to its end by its cursors, and asserts that each page is of its size. */
export const walk = Effect.fnUntraced(
  function*(url: string, query: string, limit: number, first: OutgoingHttpHeaders = {}) {
    const pages: Array<ReadonlyArray<CommentJson>> = []
    let cursor: string | null = ""
    while (cursor !== null) {
      const next: string = cursor === "" ? "" : `&cursor=${cursor}`
      const page: ReturnType<typeof pageOf> = pageOf(
        yield* get(`${url}?limit=${limit}${query}${next}`, pages.length === 0 ? first : {})
      )
      assert.isTrue(page.items.length <= limit && (page.nextCursor === null || page.items.length === limit))
      pages.push(page.items)
      cursor = page.nextCursor
    }
    return pages
  }
)
