import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { moderateScope, writeScope } from "../../../src/api/Authentication.ts"
import { admission, authenticate } from "../../../src/api/handlers/authentication.ts"
import { RateLimits } from "../../../src/platform/RateLimits.ts"
import type { TokenSettings } from "../../../src/platform/tokenSettings.ts"
import { identity } from "../../../src/programs/service/identity.ts"
import { cognitoAccess, makeLocalIssuer } from "../../support/localIssuer.ts"

const client = "57cbishk4j24pabc1234567890"

/** As a deployment is set whose users come from a user pool. */
const pool = (issuer: string): TokenSettings => ({
  issuer,
  audience: client,
  audienceClaim: "client_id",
  scopes: { write: "marginalia/comments:write", moderate: "marginalia/comments:moderate" },
  jwksUrl: undefined
})

/** What a token is answered that needs a scope: its scopes, or a status and a challenge. */
const ask = Effect.fnUntraced(function*(token: string, needed: string) {
  return yield* authenticate(yield* admission, Redacted.make(token), [needed], "command").pipe(
    Effect.match({
      onSuccess: ({ id, scopes }) => [id, ...scopes],
      onFailure: ({ headers, status }) => [status, headers["www-authenticate"]]
    })
  )
}, Effect.provide(RateLimits.layerUnlimited))

/** What a token is answered that allows writing. */
const taken = [cognitoAccess(client, "").sub, writeScope]

const silent = Logger.layer([])

describe("The services, with a user pool of Cognito as the issuer", () => {
  it.live("take its access tokens, with the pool's own names of the scopes, and tell a client these", () =>
    Effect.gen(function*() {
      const { issuer, sign } = yield* makeLocalIssuer
      yield* Effect.gen(function*() {
        const writer = yield* sign(cognitoAccess(client, "openid marginalia/comments:write"))
        assert.deepStrictEqual(yield* ask(writer, writeScope), taken)
        const [status, challenge] = yield* ask(writer, moderateScope)
        assert.strictEqual(status, 403)
        assert.include(String(challenge), "scope=\"marginalia/comments:moderate\"")
        const both = "marginalia/comments:moderate marginalia/comments:write"
        assert.lengthOf(yield* ask(yield* sign(cognitoAccess(client, both)), moderateScope), 3)
      }).pipe(Effect.provide(identity(pool(issuer))))
    }).pipe(Effect.provide(silent)))

  it.live("refuse tokens of another client, of another pool, that have ended, and those that tell who has signed in", () =>
    Effect.gen(function*() {
      const { issuer, sign } = yield* makeLocalIssuer
      const other = yield* makeLocalIssuer
      // Another key, under the same name.
      yield* other.rotate
      other.state.key = { ...other.state.key, kid: "one" }
      const scope = "marginalia/comments:write"
      const good = cognitoAccess(client, scope)
      const { client_id: _, ...nobodys } = good
      const wrong = [
        yield* sign(cognitoAccess("another-client", scope)),
        yield* sign({ ...nobodys, token_use: "id", aud: client }),
        yield* sign({ ...good, token_use: "id" }),
        yield* sign(cognitoAccess(client, scope, -60)),
        yield* sign({ ...good, iss: `${issuer}/` }),
        yield* other.sign(good),
        yield* other.sign({ ...good, iss: issuer })
      ]
      yield* Effect.gen(function*() {
        for (const token of wrong) assert.strictEqual((yield* ask(token, writeScope))[0], 401)
        assert.deepStrictEqual(yield* ask(yield* sign(good), writeScope), taken)
      }).pipe(Effect.provide(identity(pool(issuer))))
    }).pipe(Effect.provide(silent)))

  it.effect("answer 503 while its keys can't be had and never were, and serve once they can; then its outage changes nothing", () =>
    Effect.gen(function*() {
      const { issuer, sign, state } = yield* makeLocalIssuer
      const scope = "marginalia/comments:write"
      state.down = true
      yield* Effect.gen(function*() {
        const token = yield* sign(cognitoAccess(client, scope))
        for (let n = 0; n < 2; n++) assert.strictEqual((yield* ask(token, writeScope))[0], 503)
        state.down = false
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(yield* ask(token, writeScope), taken)
        state.down = true
        const another = yield* sign(cognitoAccess(client, `${scope} openid`))
        assert.deepStrictEqual(yield* ask(another, writeScope), taken)
      }).pipe(Effect.provide(Layer.fresh(identity(pool(issuer)))))
    }).pipe(Effect.provide(silent)))
})
