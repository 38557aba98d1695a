import type { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb"
import { Array, Effect, Layer } from "effect"
import { commitItem } from "../../src/events/dynamoCommits.ts"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import { DynamoTables } from "../engines/dynamo.ts"
import { EventLogControls } from "./EventLogControls.ts"

/** A request that a client made: what for, and how many items came back by it. */
export interface Made {
  readonly command: string
  readonly items: number
}

/** The requests that a client makes while an effect runs, those that fail among them. */
export const madeBy = <E, R>(client: DynamoDBClient, effect: Effect.Effect<unknown, E, R>) =>
  Effect.scoped(Effect.gen(function*() {
    const made: Array<{ command: string; items: number }> = []
    const name = "marginaliaTest"
    yield* Effect.acquireRelease(
      Effect.sync(() =>
        client.middlewareStack.add(
          (next, context) => async (request) => {
            const one = { command: String(context.commandName), items: 0 }
            made.push(one)
            const result = await next(request)
            const { output } = result
            one.items = "Items" in output ? output.Items?.length ?? 0 : 0
            return result
          },
          { name, step: "initialize" }
        )
      ),
      () => Effect.sync(() => client.middlewareStack.remove(name))
    )
    yield* effect
    const requests: ReadonlyArray<Made> = made
    return requests
  }))

// As many as one request takes.
const batchSize = 25

/** Controls of a log in DynamoDB, by requests of their own. */
export const layer = Layer.effect(
  EventLogControls,
  Effect.gen(function*() {
    const { client } = yield* DynamoDb
    const { events } = yield* DynamoTables
    return {
      plant: (commits) =>
        Effect.forEach(Array.chunksOf(commits, batchSize), (batch) => {
          const requests = batch.map((commit) => ({ PutRequest: { Item: commitItem(commit) } }))
          return Effect.promise(() => client.send(new BatchWriteItemCommand({ RequestItems: { [events]: requests } })))
        }, { concurrency: 2, discard: true }),
      commitsReadBy: (effect) =>
        Effect.map(
          madeBy(client, effect),
          (made) => made.reduce((sum, { items }) => sum + items, 0)
        )
    }
  })
)
