import type * as Context from "effect/Context"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { PictureId } from "../../domain/ids.ts"
import { pageKey } from "../../queries/entryKeys.ts"
import type { CachedAnswer, EntryKey } from "../../queries/QueryCache.ts"
import { defaultPageLimit } from "../QueryApi.ts"
import type { BrowserHeaders } from "./answerHeaders.ts"
import { requestId } from "./CurrentRequest.ts"
import { observeRequestUnsafe } from "./httpMetrics.ts"
import { linkToNext, revalidate } from "./queryAnswers.ts"

// The pattern of the address says all of the rules for pictures but this one.
const isPicture = (text: string | undefined): text is PictureId => text !== undefined && text !== "." && text !== ".."

const page =
  /^\/pictures\/([A-Za-z0-9._:-]{1,128})\/comments(?:\?(?:order=(newest|oldest))?(?:(?:^|&|(?<=\?))limit=([1-9]\d?|100))?)?$/

const route = "/pictures/:pictureId/comments"

/** A request for the first page of a picture that is in no way special. */
export interface FirstPage {
  readonly picture: PictureId
  readonly key: EntryKey
  /** When it came, by `performance.now`. */
  readonly started: number
}

/** What of a first page is asked for; undefined for every other request, and for one with a consistency token. */
export const firstPageOf = (request: IncomingMessage): FirstPage | undefined => {
  if (request.method !== "GET" || request.headers["consistency-token"] !== undefined) return undefined
  const found = page.exec(request.url ?? "")
  if (found === null) return undefined
  const [, picture, order, limit] = found
  if (!isPicture(picture)) return undefined
  const key = pageKey(
    order === "oldest" ? "oldest" : "newest",
    limit === undefined ? defaultPageLimit : Number(limit),
    undefined
  )
  return { picture, key, started: performance.now() }
}

/** What answers first pages out of a cache: the very answer that the route would give, at a fraction of its cost. */
export interface FirstPageAnswers {
  /** Tells whether it has answered: a conditional request that the answer doesn't match exactly is left to the route. */
  answer(request: IncomingMessage, response: ServerResponse, page: FirstPage, cached: CachedAnswer): boolean
}

/** Answers within a context, whose registry of metrics counts them. */
export const firstPageAnswers = (
  context: Context.Context<never>,
  draining: { readonly begun: () => boolean },
  browsers: BrowserHeaders
): FirstPageAnswers => ({
  answer: (request, response, { started }, cached) => {
    const condition = request.headers["if-none-match"]
    if (condition !== undefined && condition !== cached.etag) return false
    const status = condition === undefined ? 200 : 304
    const given = request.headers["x-request-id"]
    const headers: Record<string, string | number> = {
      ...browsers.to(request.headers.origin),
      etag: cached.etag,
      "cache-control": revalidate,
      "x-request-id": requestId(typeof given === "string" ? given : undefined)
    }
    if (cached.nextCursor !== null) headers["link"] = linkToNext(request.url ?? "", cached.nextCursor)
    if (draining.begun()) headers["connection"] = "close"
    if (status === 200) {
      headers["content-type"] = "application/json"
      headers["content-length"] = cached.body.byteLength
      response.writeHead(200, headers).end(cached.body)
    } else {
      response.writeHead(304, headers).end()
    }
    observeRequestUnsafe(context, route, "GET", status, (performance.now() - started) / 1000)
    return true
  }
})
