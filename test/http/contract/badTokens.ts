import { assert, describe } from "@effect/vitest"
import { Clock, Effect } from "effect"
import type { OutgoingHttpHeaders } from "node:http"
import { foreignTokens } from "../../support/foreignTokens.ts"
import { misusedTokens } from "../../support/misusedTokens.ts"
import { serve } from "../../support/serve.ts"
import { soundTokens } from "../../support/soundTokens.ts"
import { type Forgery, tamperedTokens } from "../../support/tamperedTokens.ts"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, newPicture, unknownId } from "../comments.ts"
import { exchange, type Reply } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, issuerAtHand } from "../people.ts"
import { commentUrl, historyUrl, pageUrl } from "../queries.ts"
import { Target } from "../Target.ts"

/** What is sent with a token: a command, a query, and a command to an address that nobody knows. */
const requests = (headers: OutgoingHttpHeaders) => {
  const json = { ...headers, "content-type": "application/json" }
  return [
    exchange({ method: "POST", path: pageUrl(newPicture()), headers: json, body: "{\"text\":\"text\"}" }),
    exchange({ method: "GET", path: historyUrl(unknownId()), headers }),
    exchange({ method: "POST", path: "/no/such/address", headers: json, body: "{}" })
  ]
}

const send = (headers: OutgoingHttpHeaders) => Effect.all(requests(headers), { concurrency: 3 })

// Who asks how often is another matter, and each request has an id and a time of its own.
const ownNames = /^(?:ratelimit|x-request-id$|date$|apigw-requestid$)/

// What a gateway refuses itself it refuses in its own way, and can only be told that it does.
const isGatewaysOwn = ({ headers }: Reply): boolean => headers["x-request-id"] === undefined

/** All of an answer by which two faults could be told apart. */
const essence = ({ headers, status, text }: Reply) => {
  const told = Object.entries(headers).filter(([name]) => !ownNames.test(name)).toSorted()
  return JSON.stringify({ status, text, told })
}

/** Asserts that all are answered as bad tokens are, each in the very same way as the others of its kind of request. */
const assertAllAlike = Effect.fnUntraced(function*(forgeries: ReadonlyArray<Forgery>) {
  const answers = yield* Effect.forEach(
    forgeries,
    ([why, token]) => Effect.map(send({ authorization: `Bearer ${token}` }), (replies) => ({ why, replies })),
    { concurrency: 8 }
  )
  const seen = new Map<number, string>()
  for (const { replies, why } of answers) {
    for (const [index, reply] of replies.entries()) {
      assert.strictEqual(reply.status, 401, `A token was taken that ${why}: ${reply.text}`)
      assertProblem(reply, 401, "unauthorized")
      if (isGatewaysOwn(reply)) continue
      const answer = essence(reply)
      assert.strictEqual(answer, seen.get(index) ?? answer, why)
      seen.set(index, answer)
    }
  }
})

const seconds = Effect.map(Clock.currentTimeMillis, (millis) => Math.floor(millis / 1000))

const invalid = "Bearer realm=\"marginalia\", error=\"invalid_token\""

export const badTokens: Part = (it) =>
  describe("A bad token", () => {
    it.effect("that was made of a good one is 401", () =>
      Effect.gen(function*() {
        const { token } = yield* Target
        yield* assertAllAlike(tamperedTokens(yield* token(yield* anybody, "comments:write")))
      }))

    it.effect("that was made with the public key, or leads to another, is 401, and nobody is asked for that key", () =>
      Effect.gen(function*() {
        const issuer = yield* issuerAtHand
        let asked = 0
        const { url } = yield* serve((_request, response) => response.end(String(asked++)))
        yield* assertAllAlike(yield* foreignTokens(issuer, yield* seconds, url))
        assert.strictEqual(asked, 0)
      }))

    it.effect("that is for nobody, for others, for another time or for something else is 401", () =>
      Effect.gen(function*() {
        yield* assertAllAlike(yield* misusedTokens(yield* issuerAtHand, yield* seconds))
      }))

    it.effect("is told from no token by its challenge, and by nothing else", () =>
      Effect.gen(function*() {
        yield* issuerAtHand
        const bad = yield* send({ authorization: "Bearer x" })
        for (const [index, none] of (yield* send({})).entries()) {
          const reply = bad[index] ?? assert.fail()
          assert.strictEqual(reply.headers["www-authenticate"], invalid)
          assert.strictEqual(none.headers["www-authenticate"], "Bearer realm=\"marginalia\"")
          assert.strictEqual(none.text, reply.text)
        }
      }))

    it.effect("is no token at all in another scheme, or with a tab before it", () =>
      Effect.gen(function*() {
        const { authorization } = yield* bearer(yield* anybody)
        const [, token = ""] = authorization.split(" ")
        yield* issuerAtHand
        const none = (yield* send({})).map(essence)
        const others = [
          "Basic YW5hOnNlY3JldA==",
          `Basic ${token}`,
          `DPoP ${token}`,
          `Token ${token}`,
          token,
          `Bearer${token}`,
          `Bearer\t${token}`,
          `Bearer=${token}`,
          "Bearer",
          "Bearer  "
        ]
        for (const other of others) {
          assert.deepStrictEqual((yield* send({ authorization: other })).map(essence), none, other.slice(0, 20))
        }
      }))

    it.effect("is one that comes beside another, be both good", () =>
      Effect.gen(function*() {
        yield* issuerAtHand
        const { authorization: good } = yield* bearer(yield* anybody)
        for (const two of [[good, good], [good, "Bearer x"], ["Bearer x", good], ["Basic YTpi", good]]) {
          for (const reply of yield* send({ Authorization: two })) assertProblem(reply, 401, "unauthorized")
        }
      }))

    it.effect("is none that is good, whatever else its issuer wrote in it, and however its scheme is written", () =>
      Effect.gen(function*() {
        const issuer = yield* issuerAtHand
        const good = yield* soundTokens(issuer, yield* seconds)
        const [, token = ""] = good[0] ?? []
        const schemes = ["bearer", "BEARER", "Bearer  ", " Bearer"].map((
          scheme
        ) => ["is so written", `${scheme} ${token}`])
        const written = [...good.map(([why, token]) => [why, `Bearer ${token}`]), ...schemes]
        for (const [why, authorization] of written) {
          const headers = { authorization }
          assertStatus(yield* exchange({ method: "GET", path: historyUrl(unknownId()), headers }), 404)
          const reply = yield* exchange({ method: "DELETE", path: commentUrl(unknownId()), headers })
          assert.strictEqual(reply.status, 404, why)
        }
      }))
  })
