import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import type { CachedAnswer } from "../../queries/QueryCache.ts"
import { matchesWeakly, parseEntityTags } from "../EntityTag.ts"
import { pathOf } from "./RouteTable.ts"

/** Revalidate before use: the next page load shows what has changed, and nothing is sent that hasn't. */
export const revalidate = "no-cache"

// A malformed If-None-Match names nothing that the client has, so the answer is sent whole.
const hasAlready = (ifNoneMatch: string | undefined, etag: string): boolean => {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === etag) return true
  const tags = parseEntityTags(ifNoneMatch)
  return Result.isSuccess(tags) && matchesWeakly(tags.success, etag)
}

/** The `Link` header of a page (RFC 8288): what was asked for, but for the cursor. */
export const linkToNext = (url: string, cursor: string): string => {
  const path = pathOf(url)
  const parameters = new URLSearchParams(url.slice(path.length + 1))
  parameters.set("cursor", cursor)
  return `<${path}?${parameters.toString()}>; rel="next"`
}

/** Answers with bytes that are ready for the socket, or with 304 where the client has them. */
export const answerWith = (
  answer: Pick<CachedAnswer, "body" | "etag">,
  ifNoneMatch: string | undefined,
  more: Readonly<Record<string, string>> = {}
): HttpServerResponse.HttpServerResponse => {
  const headers = { etag: answer.etag, "cache-control": revalidate, ...more }
  return hasAlready(ifNoneMatch, answer.etag)
    ? HttpServerResponse.empty({ status: 304, headers })
    : HttpServerResponse.uint8Array(answer.body, { headers, contentType: "application/json" })
}
