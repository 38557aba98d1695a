import { assert, describe, it } from "@effect/vitest"
import { resourcesOf } from "../programs.ts"
import { deployments } from "./deployments.ts"

describe.each(deployments)("Of %s, the streams", (_name, deployment) => {
  const mappings = resourcesOf(deployment, "AWS::Lambda::EventSourceMapping")

  it("feed their functions, and each has one consumer: a second reader's place is kept for rebuilds", () => {
    assert.deepStrictEqual<unknown>(
      mappings.map(({ properties }) => [properties["EventSourceArn"], properties["FunctionName"]]),
      [
        ["<Data.EventsTable.StreamArn>", "<Projector.ProjectorFunction>"],
        ["<Data.InboxTable.StreamArn>", "<Projector.InboxFunction>"]
      ]
    )
  })

  it.each(mappings.map((mapping) => [mapping.name, mapping] as const))(
    "lose nothing on their way: %s",
    (_name, mapping) => {
      const { DestinationConfig, EventSourceArn: _stream, FunctionName: _function, ...how } = mapping.properties
      assert.deepStrictEqual<unknown>(how, {
        StartingPosition: "TRIM_HORIZON",
        FilterCriteria: { Filters: [{ Pattern: "{\"eventName\":[\"INSERT\"]}" }] },
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 0,
        // A higher factor would give up the order within a comment.
        ParallelizationFactor: 1,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: -1,
        MaximumRecordAgeInSeconds: -1
      })
      assert.deepStrictEqual<unknown>(DestinationConfig, {
        OnFailure: { Destination: "<Projector.FailureBucket.Arn>" }
      })
    }
  )

  it("carry the new images of tables that keep what they had", () => {
    const tables = resourcesOf(deployment, "AWS::DynamoDB::Table")
    assert.deepStrictEqual(tables.map(({ name }) => name).toSorted(), ["EventsTable", "InboxTable"])
    for (const { properties } of tables) {
      assert.deepInclude(properties, {
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamViewType: "NEW_IMAGE" }
      })
      assert.include(
        JSON.stringify(properties["PointInTimeRecoverySpecification"]),
        "\"PointInTimeRecoveryEnabled\":true"
      )
    }
  })

  it("are read by functions of the latest runtime, in the VPC", () => {
    for (const { name, properties } of resourcesOf(deployment, "AWS::Lambda::Function")) {
      assert.deepInclude(
        properties,
        { Runtime: "nodejs24.x", Architectures: ["arm64"], Handler: "index.handler" },
        name
      )
      assert.deepInclude(properties["VpcConfig"], { SubnetIds: ["<Network.AppSubnetA>", "<Network.AppSubnetB>"] }, name)
    }
  })
})
