import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { Config, Effect, Option, Scope } from "effect"
import { startDynamoDbLocal } from "../../src/programs/stack/engines/dynamoDbLocal.ts"
import { startDynoxide } from "../../src/programs/stack/engines/dynoxide.ts"
import { startPostgres } from "../../src/programs/stack/engines/postgresServer.ts"
import { startRedisServer } from "../../src/programs/stack/engines/redisServer.ts"
import { serve } from "../support/serve.ts"
import { buildLambdas, buildServices } from "./builtPrograms.ts"
import { makeEmbeddedTemplate } from "./embeddedTemplate.ts"

/** The server that DATABASE_URL names, else one of this run's own. */
const findPostgresServer = Effect.gen(function*() {
  const given = yield* Config.option(Config.NonEmptyString("DATABASE_URL"))
  return Option.isSome(given) ? given.value : yield* startPostgres()
})

/**
 * Answers the suites of a run, over HTTP on 127.0.0.1, when they ask where an engine is: `/postgres` with the URL of a
 * server, `/embedded` with the folder of a cluster to copy, `/dynoxide` and `/dynamodb-local` with the URLs of two engines that
 * speak DynamoDB's protocol, `/redis` with that of a Redis, `/lambdas` with the folder of the built Lambdas, `/services` with that of
 * what the container image holds.
 *
 * An engine is started when the first suite asks for it, once, and ends with the scope; a run without a suite that needs
 * one never waits for it.
 */
export const serveEngines = Effect.gen(function*() {
  const scope = yield* Scope.Scope
  const postgres = yield* Effect.cached(findPostgresServer)
  const embedded = yield* Effect.cached(makeEmbeddedTemplate.pipe(Effect.provide(NodeFileSystem.layer)))
  const dynoxide = yield* Effect.cached(startDynoxide())
  const dynamoDbLocal = yield* Effect.cached(startDynamoDbLocal())
  const redis = yield* Effect.cached(startRedisServer())
  const lambdas = yield* Effect.cached(buildLambdas)
  const services = yield* Effect.cached(buildServices)
  const engines = new Map<string | undefined, Effect.Effect<string, { readonly message: string }, Scope.Scope>>([
    ["/postgres", postgres],
    ["/embedded", embedded],
    ["/dynoxide", dynoxide],
    ["/dynamodb-local", dynamoDbLocal],
    ["/redis", redis],
    ["/lambdas", lambdas],
    ["/services", services]
  ])
  const run = Effect.runForkWith(yield* Effect.context())
  const { url } = yield* serve((request, response) => {
    // Each asks once in a while: a connection kept for it would be closed just as it asks again.
    response.shouldKeepAlive = false
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
  return url
})
