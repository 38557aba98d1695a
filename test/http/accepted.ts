import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assertStatus } from "./assertAnswer.ts"
import { bearer, CommentJson } from "./comments.ts"
import type { Reply } from "./exchange.ts"
import { jsonOf } from "./exchange.ts"
import { get } from "./queries.ts"

/** What a command is sent with that is to be decided later. */
export const later = { prefer: "respond-async" }

/** The same, under an idempotency key. */
export const laterUnder = (key: string) => ({ ...later, "idempotency-key": key })

const decodeAccepted = Schema.decodeUnknownSync(
  Schema.Struct({ id: Schema.String, status: Schema.Literal("pending") }),
  { onExcessProperty: "error" }
)

/** Where to look for what comes of a command, out of its 202. */
export const locationOf = (reply: Reply): string => {
  const { id } = decodeAccepted(jsonOf(assertStatus(reply, 202)))
  const { headers } = reply
  assert.strictEqual(headers["location"], `/commands/${id}`)
  assert.strictEqual(headers["preference-applied"], "respond-async")
  assert.strictEqual(headers["cache-control"], "no-store")
  assert.isUndefined(headers["consistency-token"])
  return `/commands/${id}`
}

const decodeStatus = Schema.decodeUnknownSync(
  Schema.Struct({
    id: Schema.String,
    status: Schema.Literals(["pending", "done", "rejected", "failed"]),
    result: Schema.optionalKey(
      Schema.Struct({ comment: Schema.NullOr(CommentJson), consistencyToken: Schema.NonEmptyString })
    ),
    problem: Schema.optionalKey(
      Schema.Struct({ type: Schema.String, title: Schema.String, status: Schema.Int, detail: Schema.String })
    )
  }),
  { onExcessProperty: "error" }
)

/** What came of a command, for its sender, once there is something to tell. */
export const outcomeOf = Effect.fnUntraced(function*(location: string, by: string) {
  const author = yield* bearer(by)
  const look = Effect.map(get(location, author), (reply) => ({
    headers: reply.headers,
    ...decodeStatus(jsonOf(assertStatus(reply, 200)))
  }))
  const { headers, ...outcome } = yield* Effect.repeat(look, { until: ({ status }) => status !== "pending" })
  assert.strictEqual(`/commands/${outcome.id}`, location)
  assert.strictEqual(headers["cache-control"], "no-store")
  return { ...outcome, token: headers["consistency-token"] }
})

/** The comment that a command left, as its sender is told, and the token to see it by. */
export const doneOf = Effect.fnUntraced(function*(reply: Reply, by: string) {
  const { problem, result, status, token = "" } = yield* outcomeOf(locationOf(reply), by)
  assert.strictEqual(status, "done", JSON.stringify(problem))
  assert(result !== undefined && problem === undefined)
  assert.strictEqual(result.consistencyToken, token)
  return { comment: result.comment, token }
})

/** The problem of a command that was rejected. */
export const rejectedOf = Effect.fnUntraced(function*(reply: Reply, by: string) {
  const { problem, result, status, token } = yield* outcomeOf(locationOf(reply), by)
  assert.strictEqual(status, "rejected", JSON.stringify(result))
  assert(problem !== undefined && result === undefined)
  return { problem, token }
})
