import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Allowance, type Quota, type RateLimitPolicy, type RateLimits } from "../../platform/RateLimits.ts"
import { TooManyRequests } from "../Problems.ts"
import { networkOf } from "./clientAddress.ts"
import { CurrentRequest } from "./CurrentRequest.ts"
import { problem } from "./respond.ts"

const wholeSeconds = (time: Duration.Duration): number => Math.ceil(Duration.toSeconds(time))

// draft-ietf-httpapi-ratelimit-headers-10: q and w are a policy's quota and its window in seconds, r is what remains, and t the
// seconds until there is more: the same as in Retry-After (section 6) where there is nothing.
const headersOf = ({ limit, moreAfter, policy, remaining }: Quota) => ({
  "ratelimit-policy": `"${policy}";q=${limit.burst};w=${wholeSeconds(limit.window)}`,
  "ratelimit": `"${policy}";r=${remaining};t=${wholeSeconds(moreAfter)}`
})

// On whatever the answer will be, a problem or none; what is told later about the same request replaces it.
const announce = (quota: Quota): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const headers = headersOf(quota)
    HttpEffect.appendPreResponseHandlerUnsafe(fiber.context, (_request, response) =>
      Effect.succeed(HttpServerResponse.setHeaders(response, headers)))
    return Effect.void
  })

const tooMany = new TooManyRequests({
  detail: "All that may be asked for at once has been. RateLimit-Policy tells how much that is."
})

/** The caller that a valid token speaks for. */
export const userCaller = (subject: string): string => `user:${subject}`

/** The caller that is known by nothing but where it comes from. */
export const addressCaller: Effect.Effect<string> = Effect.map(
  CurrentRequest,
  ({ address }) => `address:${networkOf(address)}`
)

/** Takes one request from what its caller may ask for, tells it with the answer, and fails with 429 if that was too many. */
export const spend = (
  limits: RateLimits["Service"],
  policy: RateLimitPolicy,
  who: string
): Effect.Effect<void, HttpServerResponse.HttpServerResponse> =>
  Effect.flatMap(
    limits.spend(policy, who),
    Allowance.$match({
      Uncounted: () => Effect.void,
      Granted: ({ quota }) => announce(quota),
      Refused: ({ quota, retryAfter }) =>
        Effect.andThen(
          announce(quota),
          Effect.flip(problem(tooMany, { "retry-after": String(Math.max(1, wholeSeconds(retryAfter))) }))
        )
    })
  )

/** Takes what an answer has cost beyond the request, and tells it with that answer. */
export const charge = (
  limits: RateLimits["Service"],
  policy: RateLimitPolicy,
  who: string,
  tokens: number
): Effect.Effect<void> =>
  Effect.flatMap(
    limits.charge(policy, who, tokens),
    (allowance) => (allowance._tag === "Uncounted" ? Effect.void : announce(allowance.quota))
  )
