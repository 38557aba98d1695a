import { Context, Effect, Layer } from "effect"
import { fileURLToPath } from "node:url"
import { developmentAudience, developmentIssuer, DevelopmentTokens } from "../../../src/platform/DevelopmentTokens.ts"
import { Draining } from "../../../src/platform/Draining.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { createTables } from "../../../src/platform/dynamoTables.ts"
import { startDynoxide } from "../../../src/programs/stack/engines/dynoxide.ts"
import { startRedisServer } from "../../../src/programs/stack/engines/redisServer.ts"
import { OwnServer, ReadinessAddresses } from "../../../src/programs/stack/own.ts"
import { BenchError } from "../BenchError.ts"
import { moveAside, type Pinning } from "../servers/pinning.ts"
import { startServer } from "../servers/startServer.ts"
import { wideLimits } from "../servers/wideLimits.ts"
import { anybody, tables } from "./anybody.ts"

const program = fileURLToPath(new URL("../../../src/programs/command-service.ts", import.meta.url))

/** Issues the tokens that a service is asked with, and says where its keys are. */
export const startIssuer = Effect.gen(function*() {
  const own = OwnServer.layer({ host: "127.0.0.1", port: 0 }).pipe(
    Layer.provide([
      DevelopmentTokens.layer(null),
      Layer.succeed(ReadinessAddresses, { parts: [], addressOf: () => undefined }),
      Draining.layer
    ])
  )
  const { jwksUrl, url } = Context.get(yield* Layer.build(own), OwnServer)
  const settings = {
    TOKEN_ISSUER: developmentIssuer,
    TOKEN_AUDIENCE: developmentAudience,
    TOKEN_JWKS_URL: jwksUrl
  }
  return { url, settings }
})

/** What a service of the stack runs on, each on 127.0.0.1. */
export interface CommandEngines {
  readonly dynamo: string
  readonly redis: string
  readonly issuer: Effect.Success<typeof startIssuer>
}

/** A DynamoDB of its own, with the tables and nothing in them. */
export const startTables = Effect.gen(function*() {
  const dynamo = yield* startDynoxide()
  yield* createTables(tables).pipe(
    Effect.provide(DynamoDb.layer({ endpoint: dynamo, region: anybody.region, credentials: anybody.credentials }))
  )
  return dynamo
})

/** How programs are told of the tables. */
export const tableSettings = (dynamo: string) => ({
  DYNAMODB_ENDPOINT: dynamo,
  EVENTS_TABLE: tables.events,
  INBOX_TABLE: tables.inbox,
  ...anybody.environment
})

/** Starts the command service as its container does. */
export const startCommandServiceOn = ({ dynamo, issuer, redis }: CommandEngines, pinning: Pinning) =>
  startServer({
    name: "The command service",
    prefix: pinning.prefix("server"),
    nodeArguments: [program],
    environment: {
      ...issuer.settings,
      ...wideLimits,
      ...tableSettings(dynamo),
      LOG_LEVEL: "warn",
      MANAGEMENT_PORT: "0",
      REDIS_URL: redis,
      SHUTDOWN_TIMEOUT: "1 second"
    },
    // Health is on the management port: here the address is unknown.
    readyStatus: 404
  })

/** Starts the command service on a DynamoDB of its own with nothing in it. */
export const startCommandService = Effect.fn("startCommandService")(function*(pinning: Pinning) {
  yield* moveAside(pinning)
  const engines = { dynamo: yield* startTables, redis: yield* startRedisServer(), issuer: yield* startIssuer }
  const service = yield* startCommandServiceOn(engines, pinning)
  return { ...service, tokens: engines.issuer.url, engines: { dynamo: engines.dynamo } }
}, Effect.mapError((error) => error instanceof BenchError ? error : new BenchError({ message: String(error) })))
