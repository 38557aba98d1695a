import * as Effect from "effect/Effect"
import { Draining } from "../../platform/Draining.ts"
import type { FastLane } from "../../platform/nodeServer.ts"
import { CachedAnswers } from "../../queries/CachedAnswers.ts"
import { SharedAnswers } from "../../queries/SharedAnswers.ts"
import { AnswerHeaders } from "./answerHeaders.ts"
import { firstPageAnswers, firstPageOf } from "./firstPages.ts"

/**
 * A lane past the router for what is asked for most: the first page of a picture, found in this process's memory. What
 * goes through it gets the very answer that the route would give, at a fraction of its cost (`npm run bench` says which).
 * Whatever is in any way special, a consistency token, a cursor, a conditional request that doesn't match, is left to the
 * route.
 */
export const hotPages = Effect.gen(function*() {
  const { peek } = yield* CachedAnswers
  const { answer } = firstPageAnswers(yield* Effect.context<never>(), yield* Draining, yield* AnswerHeaders)

  const lane: FastLane = (request, response) => {
    const page = firstPageOf(request)
    if (page === undefined) return false
    const cached = peek(page.picture, page.key)
    return cached !== undefined && answer(request, response, page, cached)
  }
  return lane
})

/** The same lane for pages that are found in the cache that processes share. */
export const sharedHotPages = Effect.gen(function*() {
  const { find } = yield* SharedAnswers
  const { answer } = firstPageAnswers(yield* Effect.context<never>(), yield* Draining, yield* AnswerHeaders)

  const lane: FastLane = (request, response, pass) => {
    const page = firstPageOf(request)
    if (page === undefined) return false
    void find(page.picture, page.key).then((cached) => {
      if (response.destroyed) return
      if (cached === undefined || !answer(request, response, page, cached)) pass()
    })
    return true
  }
  return lane
})
