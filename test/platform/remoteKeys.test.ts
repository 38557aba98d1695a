import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Queue } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import * as jose from "jose"
import type { RequestListener } from "node:http"
import { IssuerKeysUnavailable, remoteKeys } from "../../src/platform/remoteKeys.ts"
import { makeLocalIssuer } from "../support/localIssuer.ts"
import { serve } from "../support/serve.ts"

const services = Layer.merge(FetchHttpClient.layer, Logger.layer([]))

/** What becomes of a token: its subject, or the fault as far as it decides what is answered. */
const judge = (token: string, keys: jose.JWTVerifyGetKey) =>
  Effect.promise(() =>
    jose.jwtVerify(token, keys).then(
      ({ payload }) => payload.sub,
      (error: unknown) => {
        if (error instanceof IssuerKeysUnavailable) return "unavailable"
        return error instanceof jose.errors.JOSEError ? "rejected" : String(error)
      }
    )
  )

const ana = { sub: "ana" }

describe("An issuer's keys", () => {
  it.effect("are found where its configuration says, asked for once, by however many tokens at once", () =>
    Effect.gen(function*() {
      const { asked, issuer, sign } = yield* makeLocalIssuer
      const keys = yield* remoteKeys({ issuer, jwksUrl: undefined })
      assert.deepStrictEqual(asked(), [], "nobody is asked before a token comes")
      const token = yield* sign(ana)
      const judged = yield* Effect.all(Array.from({ length: 20 }, () => judge(token, keys)), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(judged, judged.map(() => "ana"))
      assert.deepStrictEqual(asked(), ["/pool/.well-known/openid-configuration", "/pool/keys.json"])
    }).pipe(Effect.provide(services)))

  it.effect("are asked for at the address that was given, and nothing else is", () =>
    Effect.gen(function*() {
      const { asked, issuer, sign } = yield* makeLocalIssuer
      const keys = yield* remoteKeys({ issuer, jwksUrl: `${issuer}/keys.json` })
      assert.strictEqual(yield* judge(yield* sign(ana), keys), "ana")
      assert.deepStrictEqual(asked(), ["/pool/keys.json"])
    }).pipe(Effect.provide(services)))

  it.effect("aren't believed where the configuration is of another issuer, or leads away from the web", () =>
    Effect.gen(function*() {
      const { asked, issuer, sign, state } = yield* makeLocalIssuer
      const token = yield* sign(ana)
      const keys = yield* remoteKeys({ issuer, jwksUrl: undefined })
      const lies = [
        { issuer: "https://issuer.example" },
        { issuer: `${issuer}/` },
        { jwks_uri: "file:///etc/keys.json" },
        { jwks_uri: "keys.json" },
        { jwks_uri: undefined }
      ]
      for (const says of lies) {
        state.says = says
        assert.strictEqual(yield* judge(token, keys), "unavailable", JSON.stringify(says))
        assert.deepStrictEqual(asked(), ["/pool/.well-known/openid-configuration"])
        yield* TestClock.adjust("1 second")
      }
      state.says = {}
      assert.strictEqual(yield* judge(token, keys), "ana")
    }).pipe(Effect.provide(services)))

  it.effect("that can't be had speak against nobody, and are asked for again at most every second", () =>
    Effect.gen(function*() {
      const { asked, issuer, sign, state } = yield* makeLocalIssuer
      const token = yield* sign(ana)
      const keys = yield* remoteKeys({ issuer, jwksUrl: `${issuer}/keys.json` })
      state.down = true
      for (let second = 0; second < 3; second++) {
        for (let n = 0; n < 5; n++) assert.strictEqual(yield* judge(token, keys), "unavailable")
        assert.lengthOf(asked(), 1)
        yield* TestClock.adjust("999 millis")
        assert.strictEqual(yield* judge(token, keys), "unavailable")
        assert.lengthOf(asked(), 0)
        yield* TestClock.adjust("1 millis")
      }
      state.down = false
      assert.strictEqual(yield* judge(token, keys), "ana")
    }).pipe(Effect.provide(services)))

  it.effect("that take too long are asked for again only a second after they were given up", () =>
    Effect.gen(function*() {
      const { issuer, sign } = yield* makeLocalIssuer
      const token = yield* sign(ana)
      const asked = yield* Queue.unbounded<string>()
      const { url } = yield* serve((request) => Queue.offerUnsafe(asked, request.url ?? ""))
      const keys = yield* remoteKeys({ issuer, jwksUrl: `${url}/keys.json` })
      const waiting = yield* Effect.forkChild(judge(token, keys))
      yield* Queue.take(asked)
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* Fiber.join(waiting), "unavailable")
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(yield* Effect.raceFirst(judge(token, keys), Queue.take(asked)), "unavailable")
    }).pipe(Effect.provide(services)))

  it.effect("that couldn't be had are asked for again when the clock is set back, and not only when it has caught up", () =>
    Effect.gen(function*() {
      const { issuer, sign, state } = yield* makeLocalIssuer
      const token = yield* sign(ana)
      yield* TestClock.adjust("1 hour")
      const keys = yield* remoteKeys({ issuer, jwksUrl: undefined })
      state.down = true
      assert.strictEqual(yield* judge(token, keys), "unavailable")
      state.down = false
      yield* TestClock.setTime(0)
      assert.strictEqual(yield* judge(token, keys), "ana")
    }).pipe(Effect.provide(services)))

  it.effect("that can't be had are complained of at once, and then once in 30 seconds at most", () =>
    Effect.gen(function*() {
      const warnings: Array<unknown> = []
      const logger = Logger.make(({ message }) => {
        warnings.push(message)
      })
      const { issuer, sign, state } = yield* makeLocalIssuer
      const token = yield* sign(ana)
      const keys = yield* remoteKeys({ issuer, jwksUrl: `${issuer}/keys.json` }).pipe(
        Effect.provide(Logger.layer([logger]))
      )
      state.down = true
      assert.strictEqual(yield* judge(token, keys), "unavailable")
      assert.lengthOf(warnings, 1)
      for (const seconds of [1, 1, 27]) {
        yield* TestClock.adjust(`${seconds} seconds`)
        assert.strictEqual(yield* judge(token, keys), "unavailable")
      }
      assert.lengthOf(warnings, 1)
      yield* TestClock.adjust("1 second")
      for (let n = 0; n < 3; n++) assert.strictEqual(yield* judge(token, keys), "unavailable")
      assert.lengthOf(warnings, 2)
    }).pipe(Effect.provide(services)))

  it.effect("that are no keys speak against nobody", () =>
    Effect.gen(function*() {
      const { issuer, sign } = yield* makeLocalIssuer
      const token = yield* sign(ana)
      const answers: ReadonlyArray<RequestListener> = [
        (_request, response) => response.writeHead(500).end("{\"keys\":[]}"),
        (_request, response) => response.writeHead(302, { location: `${issuer}/keys.json` }).end(),
        (_request, response) => response.end("<html>"),
        (_request, response) => response.end("{\"keys\":1}"),
        (_request, response) => response.end("{\"keys\":[1]}"),
        (request) => request.socket.destroy()
      ]
      for (const answer of answers) {
        const { url } = yield* serve(answer)
        assert.strictEqual(yield* judge(token, yield* remoteKeys({ issuer, jwksUrl: url })), "unavailable")
      }
    }).pipe(Effect.provide(services)))

  it.effect("that aren't the token's speak against the token, and are asked for again at most every 30 seconds", () =>
    Effect.gen(function*() {
      const { asked, issuer, rotate, sign } = yield* makeLocalIssuer
      const keys = yield* remoteKeys({ issuer, jwksUrl: `${issuer}/keys.json` })
      const old = yield* sign(ana)
      assert.strictEqual(yield* judge(old, keys), "ana")
      yield* rotate
      const fresh = yield* sign({ sub: "bruno" })
      yield* TestClock.adjust("29 seconds")
      for (let n = 0; n < 5; n++) assert.strictEqual(yield* judge(fresh, keys), "rejected")
      assert.lengthOf(asked(), 1)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* judge(fresh, keys), "bruno")
      assert.strictEqual(yield* judge(old, keys), "rejected")
      assert.lengthOf(asked(), 1)
    }).pipe(Effect.provide(services)))

  it.effect("are asked for again after 10 minutes, so that a key that was withdrawn ends", () =>
    Effect.gen(function*() {
      const { issuer, rotate, sign } = yield* makeLocalIssuer
      const keys = yield* remoteKeys({ issuer, jwksUrl: undefined })
      const old = yield* sign(ana)
      assert.strictEqual(yield* judge(old, keys), "ana")
      yield* rotate
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual(yield* judge(old, keys), "ana")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* judge(old, keys), "rejected")
    }).pipe(Effect.provide(services)))

  it.effect("serve for a day while their issuer can't be asked, which is tried every 30 seconds", () =>
    Effect.gen(function*() {
      const { asked, issuer, rotate, sign, state } = yield* makeLocalIssuer
      const keys = yield* remoteKeys({ issuer, jwksUrl: undefined })
      const old = yield* sign(ana)
      assert.strictEqual(yield* judge(old, keys), "ana")
      yield* rotate
      const fresh = yield* sign({ sub: "bruno" })
      state.down = true
      asked()
      yield* TestClock.adjust("10 minutes")
      for (let n = 0; n < 5; n++) {
        assert.strictEqual(yield* judge(old, keys), "ana")
        assert.strictEqual(yield* judge(fresh, keys), "unavailable", "the issuer may have such a key")
      }
      assert.lengthOf(asked(), 1)
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(yield* judge(old, keys), "ana")
      assert.lengthOf(asked(), 1)
      yield* TestClock.adjust("1 day")
      asked()
      for (let n = 0; n < 5; n++) assert.strictEqual(yield* judge(old, keys), "unavailable")
      assert.lengthOf(asked(), 1)
      state.down = false
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* judge(fresh, keys), "bruno")
      assert.strictEqual(yield* judge(old, keys), "rejected")
    }).pipe(Effect.provide(services)))
})
