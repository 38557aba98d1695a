import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"

const logsOf = ({ middlewareStack }: DynamoDBClient): ReadonlyArray<string> =>
  middlewareStack.identify().filter((step) => /log/i.test(step))

describe("The client of DynamoDB", () => {
  it.effect("writes down nothing of what it sends and gets, as the SDK's own does for nobody", () =>
    Effect.gen(function*() {
      const settings = { region: "eu-central-1", endpoint: "http://127.0.0.1:1" }
      assert.lengthOf(logsOf(new DynamoDBClient(settings)), 1)
      const { client } = yield* Effect.provide(DynamoDb, DynamoDb.layer(settings))
      assert.deepStrictEqual(logsOf(client), [])
    }))
})
