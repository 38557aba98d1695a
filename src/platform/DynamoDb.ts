import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Where DynamoDB is, and how long it may take. */
export interface DynamoDbSettings {
  /** Left out, the SDK finds the region as it always does: from `AWS_REGION` or the profile. */
  readonly region?: string
  /** Left out on AWS; the address of an engine that speaks the protocol otherwise. */
  readonly endpoint?: string
  /** Left out, the SDK finds them as it always does. Engines other than AWS look at nothing but that there are some. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** How long one try of a request may take, with the connecting. 2 seconds, if left out. */
  readonly timeLimit?: Duration.Input
  /** How many connections are open at once. 128, if left out. */
  readonly maxConnections?: number
}

/** The options that all clients of DynamoDB and its Streams share. */
export const clientOptions = (
  { credentials, endpoint, maxConnections = 128, region, timeLimit = "2 seconds" }: DynamoDbSettings
) => {
  const requestTimeout = Duration.toMillis(Duration.fromInputUnsafe(timeLimit))
  const agent = { keepAlive: true, maxSockets: maxConnections }
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    // Tries are counted where their outcome is understood: the SDK would forget that an earlier one may have landed.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: Math.min(requestTimeout, 1000),
      requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent
    }
  }
}

/**
 * A client of the SDK that makes no log of its requests. It would write down each of them, all that was sent and came with
 * it, before it saw that nobody takes what it logs.
 */
export const unlogged = <Client extends { readonly middlewareStack: { readonly remove: (name: string) => boolean } }>(
  client: Client
): Client => {
  client.middlewareStack.remove("loggerMiddleware")
  return client
}

/** A client of DynamoDB that tries each request once. */
export class DynamoDb extends Context.Service<DynamoDb, {
  readonly client: DynamoDBClient
}>()("marginalia/platform/DynamoDb") {
  static readonly layer = (settings: DynamoDbSettings = {}): Layer.Layer<DynamoDb> =>
    Layer.effect(
      DynamoDb,
      Effect.acquireRelease(
        Effect.sync(() => DynamoDb.of({ client: unlogged(new DynamoDBClient(clientOptions(settings))) })),
        ({ client }) => Effect.sync(() => client.destroy())
      )
    )
}
