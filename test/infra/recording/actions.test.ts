import { assert, describe, it } from "@effect/vitest"
import { callsOf } from "./actions.ts"

const arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/inbox/stream/2026-01-01T00:00:00.000"
const iterators = new Map([["AAAB", "inbox/stream"]])

const called = (target: string, body: unknown) =>
  callsOf(target, JSON.stringify(body), iterators).map(({ action, resource }) => `${action} ${resource}`)

describe("A request to DynamoDB, as IAM sees it", () => {
  it.each(
    [
      ["PutItem", { TableName: "events", Item: {} }, ["dynamodb:PutItem events"]],
      ["Query", { TableName: "inbox", IndexName: "pending" }, ["dynamodb:Query inbox/index/pending"]],
      [
        "TransactWriteItems",
        {
          TransactItems: [
            { Put: { TableName: "events" } },
            { Update: { TableName: "inbox" } },
            { ConditionCheck: { TableName: "inbox" } },
            { Delete: { TableName: "inbox" } }
          ]
        },
        [
          "dynamodb:PutItem events",
          "dynamodb:UpdateItem inbox",
          "dynamodb:ConditionCheckItem inbox",
          "dynamodb:DeleteItem inbox"
        ]
      ],
      ["TransactGetItems", { TransactItems: [{ Get: { TableName: "events" } }] }, ["dynamodb:GetItem events"]],
      [
        "BatchGetItem",
        { RequestItems: { events: {}, inbox: {} } },
        ["dynamodb:BatchGetItem events", "dynamodb:BatchGetItem inbox"]
      ],
      ["ListTables", {}, ["dynamodb:ListTables unknown"]]
    ] as const
  )("%s is what it touches", (operation, body, calls) => {
    assert.deepStrictEqual(called(`DynamoDB_20120810.${operation}`, body), [...calls])
  })

  it.each(
    [
      ["GetShardIterator", { StreamArn: arn, ShardId: "shard" }, "dynamodb:GetShardIterator inbox/stream"],
      ["GetRecords", { ShardIterator: "AAAB" }, "dynamodb:GetRecords inbox/stream"],
      ["GetRecords", { ShardIterator: "other" }, "dynamodb:GetRecords unknown"]
    ] as const
  )("%s is about a table's stream", (operation, body, call) => {
    assert.deepStrictEqual(called(`DynamoDBStreams_20120810.${operation}`, body), [call])
  })

  it("is unknown when it isn't understood, so that no policy allows it", () => {
    assert.deepStrictEqual(called("", { TableName: "events" }), ["unknown unknown"])
    assert.deepStrictEqual(callsOf("DynamoDB_20120810.PutItem", "no JSON", iterators), [
      { action: "unknown", resource: "unknown" }
    ])
  })
})
