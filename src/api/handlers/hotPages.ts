import * as Effect from "effect/Effect"
import type { PictureId } from "../../domain/ids.ts"
import { Draining } from "../../platform/Draining.ts"
import type { FastLane } from "../../platform/nodeServer.ts"
import { CachedAnswers } from "../../queries/CachedAnswers.ts"
import { pageKey } from "../../queries/entryKeys.ts"
import { defaultPageLimit } from "../QueryApi.ts"
import { requestId } from "./CurrentRequest.ts"
import { observeRequestUnsafe } from "./httpMetrics.ts"
import { linkToNext, revalidate } from "./queryAnswers.ts"

// The pattern of the address says all of the rules for pictures but this one.
const isPicture = (text: string | undefined): text is PictureId => text !== undefined && text !== "." && text !== ".."

const page =
  /^\/pictures\/([A-Za-z0-9._:-]{1,128})\/comments(?:\?(?:order=(newest|oldest))?(?:(?:^|&|(?<=\?))limit=([1-9]\d?|100))?)?$/

const route = "/pictures/:pictureId/comments"

/**
 * A lane past the router for what is asked for most: the first page of a picture, found in this process's memory. What
 * goes through it gets the very answer that the route would give, at a fraction of its cost (`npm run bench` says which).
 * Whatever is in any way special, a consistency token, a cursor, a conditional request that doesn't match, is left to the
 * route.
 */
export const hotPages = Effect.gen(function*() {
  const { peek } = yield* CachedAnswers
  const draining = yield* Draining
  const context = yield* Effect.context<never>()

  const lane: FastLane = (request, response) => {
    if (request.method !== "GET" || request.headers["consistency-token"] !== undefined) return false
    const found = page.exec(request.url ?? "")
    if (found === null) return false
    const [, picture, order, limit] = found
    if (!isPicture(picture)) return false
    const started = performance.now()
    const answer = peek(
      picture,
      pageKey(
        order === "oldest" ? "oldest" : "newest",
        limit === undefined ? defaultPageLimit : Number(limit),
        undefined
      )
    )
    if (answer === undefined) return false
    const condition = request.headers["if-none-match"]
    if (condition !== undefined && condition !== answer.etag) return false
    const status = condition === undefined ? 200 : 304
    const given = request.headers["x-request-id"]
    const headers: Record<string, string | number> = {
      etag: answer.etag,
      "cache-control": revalidate,
      "x-request-id": requestId(typeof given === "string" ? given : undefined)
    }
    if (answer.nextCursor !== null) headers["link"] = linkToNext(request.url ?? "", answer.nextCursor)
    if (draining.begun()) headers["connection"] = "close"
    if (status === 200) {
      headers["content-type"] = "application/json"
      headers["content-length"] = answer.body.byteLength
      response.writeHead(200, headers).end(answer.body)
    } else {
      response.writeHead(304, headers).end()
    }
    observeRequestUnsafe(context, route, "GET", status, (performance.now() - started) / 1000)
    return true
  }
  return lane
})
