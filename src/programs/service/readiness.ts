import { QueryCommand } from "@aws-sdk/client-dynamodb"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { Readiness } from "../../api/handlers/operations.ts"
import { DynamoDb } from "../../platform/DynamoDb.ts"

/** How old an answer may be that others get, too: whoever asks often doesn't load what is asked about. */
const remembered = "1 second"

// Shorter than whoever asks for readiness waits: a look is ended by itself, not by whoever happened to ask first.
const lookTimeout = "800 millis"

const check = <E>(look: Effect.Effect<unknown, E>): Effect.Effect<Effect.Effect<boolean>> =>
  Effect.isSuccess(look).pipe(
    Effect.timeoutOrElse({ duration: lookTimeout, orElse: () => Effect.succeed(false) }),
    Effect.cachedWithTTL(remembered)
  )

/** Whoever can't do without its Postgres, and needs nothing else. */
export const postgresReadiness = Layer.effect(
  Readiness,
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    return Readiness.of({ checks: { postgres: yield* check(sql`SELECT 1`) } })
  })
)

// What loading a comment that never was asks: the same permission, half a read unit.
const nothing = (table: string) =>
  new QueryCommand({
    TableName: table,
    KeyConditionExpression: "#stream = :none",
    ExpressionAttributeNames: { "#stream": "stream" },
    ExpressionAttributeValues: { ":none": { S: "none" } },
    Limit: 1
  })

/** Whoever can't do without its table in DynamoDB. */
export const dynamoDbReadiness = (table: string) =>
  Layer.effect(
    Readiness,
    Effect.gen(function*() {
      const { client } = yield* DynamoDb
      const look = Effect.tryPromise((abortSignal) => client.send(nothing(table), { abortSignal }))
      return Readiness.of({ checks: { dynamodb: yield* check(look) } })
    })
  )
