import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { Config, Effect, Option, Scope } from "effect"
import { createServer } from "node:http"
import { makeEmbeddedTemplate } from "./embeddedTemplate.ts"
import { makePostgresServer } from "./postgresServer.ts"

/** The server that DATABASE_URL names, else one of this run's own. */
const startPostgres = Effect.gen(function*() {
  const given = yield* Config.option(Config.NonEmptyString("DATABASE_URL"))
  return Option.isSome(given) ? given.value : yield* makePostgresServer
})

/**
 * Answers the suites of a run, over HTTP on 127.0.0.1, when they ask where an engine is: `/postgres` with the URL of a
 * server, `/embedded` with the folder of a cluster to copy.
 *
 * An engine is started when the first suite asks for it, once, and ends with the scope; a run without a suite that needs
 * one never waits for it.
 */
export const serveEngines = Effect.gen(function*() {
  const scope = yield* Scope.Scope
  const postgres = yield* Effect.cached(startPostgres)
  const embedded = yield* Effect.cached(makeEmbeddedTemplate.pipe(Effect.provide(NodeFileSystem.layer)))
  const engines = new Map<string | undefined, Effect.Effect<string, { readonly message: string }, Scope.Scope>>([
    ["/postgres", postgres],
    ["/embedded", embedded]
  ])
  const run = Effect.runForkWith(yield* Effect.context())
  const server = createServer((request, response) => {
    const engine = engines.get(request.url) ?? Effect.fail({ message: "There is no such engine" })
    run(
      Scope.provide(engine, scope).pipe(
        Effect.match({
          onSuccess: (place) => response.end(place),
          onFailure: ({ message }) => response.writeHead(500).end(message)
        })
      )
    )
  })
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      server.close()
      server.closeAllConnections()
    })
  )
  return yield* Effect.callback<string>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`))
    })
  })
})
