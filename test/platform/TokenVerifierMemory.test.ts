import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import * as jose from "jose"
import { remoteKeys } from "../../src/platform/remoteKeys.ts"
import { TokenVerifier } from "../../src/platform/TokenVerifier.ts"
import { makeLocalIssuer } from "../support/localIssuer.ts"
import { curvedIssuer, goodClaims, goodHeader, sign } from "../support/TestIssuer.ts"

const verify = (token: string) => Effect.flatMap(TokenVerifier, (verifier) => verifier.verify(Redacted.make(token)))

describe("What is remembered of tokens", () => {
  /** A verifier that remembers two tokens, and how often it has looked for a key. */
  const counting = Effect.gen(function*() {
    const { audience, issuer, publicJwk } = yield* curvedIssuer
    const find = jose.createLocalJWKSet({ keys: [publicJwk] })
    let asked = 0
    const keys: jose.JWTVerifyGetKey = (header, token) => {
      asked++
      return find(header, token)
    }
    const verifier = Context.get(
      yield* Layer.build(TokenVerifier.layer({ issuer, audience, keys, remembered: 2 })),
      TokenVerifier
    )
    const speak = (sub: string) =>
      Effect.flatMap(curvedIssuer, (issuer) => sign(issuer, goodHeader(issuer), { ...goodClaims(issuer, 0), sub }))
    return {
      speak,
      /** Whether it had to look for a key. */
      looks: (token: string) =>
        Effect.suspend(() => {
          const before = asked
          return Effect.map(Effect.result(verifier.verify(Redacted.make(token))), () => asked > before)
        })
    }
  })

  it.effect("is that they are good, for a minute", () =>
    Effect.gen(function*() {
      const { looks, speak } = yield* counting
      const token = yield* speak("ana")
      assert.isTrue(yield* looks(token))
      yield* TestClock.adjust("59 seconds")
      assert.isFalse(yield* looks(token))
      yield* TestClock.adjust("1 second")
      assert.isTrue(yield* looks(token))
    }))

  it.effect("is nothing of those that are bad, which make at most one be forgotten that is good", () =>
    Effect.gen(function*() {
      const { looks, speak } = yield* counting
      const [ana, bruno] = [yield* speak("ana"), yield* speak("bruno")]
      for (const token of [ana, bruno]) assert.isTrue(yield* looks(token))
      for (let n = 0; n < 20; n++) assert.isTrue(yield* looks(`${ana.slice(0, -8)}AAAAAAAA`))
      assert.isFalse(yield* looks(bruno))
    }))

  it.effect("is forgotten of those that were shown longest ago, when there are too many: they are verified again", () =>
    Effect.gen(function*() {
      const { looks, speak } = yield* counting
      const [ana, bruno, mo] = [yield* speak("ana"), yield* speak("bruno"), yield* speak("mo")]
      for (const token of [ana, bruno]) assert.isTrue(yield* looks(token))
      assert.isFalse(yield* looks(ana))
      assert.isTrue(yield* looks(mo))
      assert.isFalse(yield* looks(ana))
      assert.isTrue(yield* looks(bruno))
    }))

  it.effect("outlives the key that its issuer has withdrawn by a minute at most", () =>
    Effect.gen(function*() {
      const { issuer, rotate, sign } = yield* makeLocalIssuer
      const keys = yield* remoteKeys({ issuer, jwksUrl: undefined })
      yield* Effect.gen(function*() {
        const token = yield* sign({ sub: "ana", aud: "marginalia", exp: 3600 })
        yield* verify(token)
        yield* rotate
        // The keys are asked for again after 10 minutes.
        yield* TestClock.adjust("599 seconds")
        yield* verify(token)
        yield* TestClock.adjust("59 seconds")
        yield* verify(token)
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* Effect.flip(verify(token)))._tag, "TokenRejected")
      }).pipe(Effect.provide(TokenVerifier.layer({ issuer, audience: "marginalia", keys })))
    }).pipe(Effect.provide(FetchHttpClient.layer)))
})
