import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer, Logger, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import type * as jose from "jose"
import { remoteKeys } from "../../src/platform/remoteKeys.ts"
import { TokenVerifier } from "../../src/platform/TokenVerifier.ts"
import { integer } from "../support/arbitraries.ts"
import { foreignTokens } from "../support/foreignTokens.ts"
import { misusedTokens } from "../support/misusedTokens.ts"
import { serve } from "../support/serve.ts"
import { soundTokens } from "../support/soundTokens.ts"
import { tamperedTokens } from "../support/tamperedTokens.ts"
import {
  curvedIssuer,
  foreignKey,
  goodClaims,
  goodHeader,
  rsaIssuer,
  sign,
  type TestIssuer
} from "../support/TestIssuer.ts"
import { uselessKeys, uselesslySigned } from "../support/uselessKeys.ts"

/** A time in the middle of things, in seconds since the epoch. */
const now = 1_800_000_000

/** The verifier of an issuer whose keys are asked for as any issuer's. */
const verifierOf = (made: Effect.Effect<TestIssuer>, others: ReadonlyArray<jose.JWK> = []) =>
  Layer.unwrap(Effect.gen(function*() {
    const { audience, issuer, publicJwk } = yield* made
    const { url } = yield* serve((_request, response) => response.end(JSON.stringify({ keys: [publicJwk, ...others] })))
    yield* TestClock.setTime(now * 1000)
    return TokenVerifier.layer({ issuer, audience, keys: yield* remoteKeys({ issuer, jwksUrl: `${url}/keys` }) })
  })).pipe(Layer.provide(FetchHttpClient.layer))

const verify = (token: string) => Effect.flatMap(TokenVerifier, (verifier) => verifier.verify(Redacted.make(token)))

const assertRefused = Effect.fnUntraced(function*(why: string, token: string) {
  const { _tag } = yield* Effect.flip(verify(token)).pipe(
    Effect.mapError(() => new Error(`A token was taken that ${why}`)),
    Effect.orDie
  )
  assert.strictEqual(_tag, "TokenRejected", why)
})

const goodToken = (issuer: TestIssuer) => sign(issuer, goodHeader(issuer), goodClaims(issuer, now))

for (const [name, made] of [["an elliptic curve", curvedIssuer], ["RSA", rsaIssuer]] as const) {
  layer(verifierOf(made))(`With an issuer that signs by ${name}, a token`, (it) => {
    it.effect("is good, whatever else an issuer may write in it", () =>
      Effect.gen(function*() {
        const issuer = yield* made
        for (const [why, token, subject] of yield* soundTokens(issuer, now)) {
          assert.strictEqual((yield* verify(token)).subject, subject, why)
        }
      }))

    it.effect("is refused that was made of a good one", () =>
      Effect.gen(function*() {
        const token = yield* goodToken(yield* made)
        for (const [why, forgery] of tamperedTokens(token)) yield* assertRefused(why, forgery)
      }))

    it.effect("is refused that was made with the public key, or leads to another: and nobody is asked for that", () =>
      Effect.gen(function*() {
        let asked = 0
        const { url } = yield* serve((_request, response) => response.end(String(asked++)))
        for (const [why, forgery] of yield* foreignTokens(yield* made, now, url)) yield* assertRefused(why, forgery)
        assert.strictEqual(asked, 0)
      }))

    it.effect("is refused that is for nobody, for others, for another time, or for something else", () =>
      Effect.gen(function*() {
        for (const [why, forgery] of yield* misusedTokens(yield* made, now)) yield* assertRefused(why, forgery)
      }))
  })
}

layer(verifierOf(curvedIssuer))("Of a good token", (it) => {
  it.effect.prop(
    "no byte can be changed, added or taken away",
    { place: integer(0, 10_000), code: integer(32, 126), change: integer(0, 2) },
    ({ change, code, place }) =>
      Effect.gen(function*() {
        const token = yield* goodToken(yield* curvedIssuer)
        // Half of the places are the last ones: what they carry is the least.
        const at = place % 2 === 0 ? token.length - 1 - (place % 3) : place % token.length
        const character = change === 2 ? "" : String.fromCharCode(code)
        const changed = token.slice(0, at) + character + token.slice(change === 1 ? at : at + 1)
        if (changed !== token) yield* assertRefused(`has ${JSON.stringify(character)} at ${at}`, changed)
      })
  )
})

describe("An issuer that publishes keys with which nothing can be verified", () => {
  it.effect("has no token refused for them but those that they signed, and is complained of", () =>
    Effect.gen(function*() {
      const warned: Array<unknown> = []
      const log = Logger.make(({ message }) => {
        warned.push(message)
      })
      const issuer = yield* curvedIssuer
      const others = yield* uselessKeys
      yield* Effect.gen(function*() {
        yield* verify(yield* goodToken(issuer))
        for (const [why, token] of yield* uselesslySigned(issuer, now)) yield* assertRefused(why, token)
      }).pipe(Effect.provide(Layer.provideMerge(verifierOf(curvedIssuer, others), Logger.layer([log]))))
      const kids = warned.map((message) => JSON.stringify(message).match(/"kid":"([\w-]+)"/)?.[1])
      assert.deepStrictEqual(kids, ["small", "small-too", "private", "broken", "curve"])
    }))

  it.effect("has tokens that don't name their key refused: which one it is nobody tries out", () =>
    Effect.gen(function*() {
      const issuer = yield* curvedIssuer
      const token = yield* sign(issuer, { alg: issuer.alg }, goodClaims(issuer, now))
      assert.strictEqual((yield* Effect.provide(verify(token), verifierOf(curvedIssuer))).subject, "ana")
      const { publicJwk } = yield* foreignKey
      const two = verifierOf(curvedIssuer, [{ ...publicJwk, kid: "two" }])
      yield* Effect.provide(assertRefused("names no key of two", token), two)
    }))
})
