import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { createServer, type RequestListener } from "node:http"
import { developmentAudience, developmentIssuer, DevelopmentTokens } from "../../src/platform/DevelopmentTokens.ts"
import { remoteKeys } from "../../src/platform/remoteKeys.ts"
import { TokenVerifier } from "../../src/platform/TokenVerifier.ts"

const issuer = DevelopmentTokens.layer(null).pipe(Layer.provide(NodeServices.layer))

/** What becomes of a token whose issuer's keys are asked for at somebody who answers so. */
const verified = Effect.fnUntraced(function*(token: string, answer: RequestListener) {
  const url = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer(answer)
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  ).pipe(Effect.map((server) => {
    const address = server.address()
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/keys`
  }))
  const settings = { issuer: developmentIssuer, audience: developmentAudience, keys: remoteKeys(url) }
  return yield* TokenVerifier.use(({ verify }) => verify(Redacted.make(token))).pipe(
    Effect.match({ onFailure: ({ _tag }): string => _tag, onSuccess: ({ subject }) => subject }),
    Effect.provide(TokenVerifier.layer(settings))
  )
}, Effect.scoped)

describe("An issuer's keys", () => {
  it.live("are fetched where it publishes them", () =>
    Effect.gen(function*() {
      const { published, sign } = yield* DevelopmentTokens
      const token = yield* sign("ana", "")
      assert.strictEqual(yield* verified(token, (_request, response) => response.end(JSON.stringify(published))), "ana")
    }).pipe(Effect.provide(issuer)))

  it.live("that aren't the token's speak against the token", () =>
    Effect.gen(function*() {
      const token = yield* DevelopmentTokens.use(({ sign }) => sign("ana", "")).pipe(Effect.provide(issuer))
      const others = yield* DevelopmentTokens.use(({ published }) => Effect.succeed(published)).pipe(
        Effect.provide(Layer.fresh(issuer))
      )
      for (const keys of [others, { keys: [] }]) {
        const found = yield* verified(token, (_request, response) => response.end(JSON.stringify(keys)))
        assert.strictEqual(found, "TokenRejected")
      }
    }))

  it.live("that can't be had speak against nobody", () =>
    Effect.gen(function*() {
      const token = yield* DevelopmentTokens.use(({ sign }) => sign("ana", ""))
      const answers: ReadonlyArray<RequestListener> = [
        (_request, response) => response.writeHead(500).end(),
        (_request, response) => response.writeHead(302, { location: "/elsewhere" }).end(),
        (_request, response) => response.end("<html>"),
        (_request, response) => response.end("{\"keys\":1}"),
        (request) => request.socket.destroy()
      ]
      for (const answer of answers) assert.strictEqual(yield* verified(token, answer), "TokenKeysUnavailable")
    }).pipe(Effect.provide(issuer)))
})
