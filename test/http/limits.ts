import { assert } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { randomInt } from "node:crypto"
import type { OutgoingHttpHeaders } from "node:http"
import { stringItemsOf } from "../support/structuredFields.ts"
import { assertProblem } from "./assertAnswer.ts"
import { brittle } from "./brittleTarget.ts"
import { bearer, newPicture, unknownId } from "./comments.ts"
import { exchange, type Reply } from "./exchange.ts"
import { get, pageUrl } from "./queries.ts"

/** A server of which everybody may ask for 5 commands and 6 queries, and which believes where they say that they come from. */
export const tiny = brittle({
  maxWaiters: 1,
  clientAddressHeader: "x-client-ip",
  rateLimits: {
    commands: { burst: 5, window: Duration.hours(1) },
    queries: { burst: 6, window: Duration.hours(1) }
  }
})

export const from = (address: string): OutgoingHttpHeaders => ({ "x-client-ip": address })

/** Somebody's token that has been verified before: on a busy machine a query doesn't wait until it is. */
export const knownBearer = Effect.fnUntraced(function*(user: string, scope?: string) {
  const headers = yield* bearer(user, scope)
  yield* get(`/commands/${unknownId()}`, headers)
  return headers
})

/** Asks until that was too much. */
export const exhaust = (ask: ReturnType<typeof get>) =>
  Effect.repeat(ask, { until: ({ status }) => status === 429, times: 20 })

/** Posts as whoever these headers make one. */
export const postWith = (headers: OutgoingHttpHeaders) =>
  exchange({
    method: "POST",
    path: pageUrl(newPicture()),
    body: "{\"text\":\"text\"}",
    headers: { "content-type": "application/json", ...headers }
  })

/** What an answer says of the limit that it was counted under; undefined for one that wasn't counted. */
export const quotaIn = ({ headers }: Reply) => {
  if (headers["ratelimit"] === undefined && headers["ratelimit-policy"] === undefined) return undefined
  const [policy, ...otherPolicies] = stringItemsOf(headers["ratelimit-policy"])
  const [left, ...others] = stringItemsOf(headers["ratelimit"])
  assert.deepStrictEqual([otherPolicies, others], [[], []])
  assert.strictEqual(policy?.value, left?.value)
  const { q = Number.NaN, w = Number.NaN } = policy?.parameters ?? {}
  const { r = Number.NaN, t = Number.NaN } = left?.parameters ?? {}
  return { policy: policy?.value, q, w, r, t }
}

/** Asserts that an answer was counted, and how many are left after it. */
export const assertLeft = (reply: Reply, policy: "commands" | "queries", left: number) =>
  assert.deepInclude(quotaIn(reply) ?? {}, { policy, r: left })

/** Asserts that an answer wasn't counted. */
export const assertUncounted = (reply: Reply) => assert.isUndefined(quotaIn(reply))

/** Asserts that one has sent too many, and is told when to come back. */
export const assertTooMany = (reply: Reply, policy: "commands" | "queries") => {
  assertProblem(reply, 429, "too-many-requests")
  assertLeft(reply, policy, 0)
  assert.match(reply.headers["retry-after"] ?? "", /^[1-9]\d*$/)
  assert.strictEqual(reply.headers["cache-control"], "no-store")
}

/** Where somebody comes from who hasn't come yet. */
export const newAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`

/** A network of IPv6 that nobody has come from. */
export const newNetwork = () => `2001:db8:${randomInt(1, 65_536).toString(16)}:${randomInt(1, 65_536).toString(16)}`
