import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { deploy, type DeployedResource } from "../deployment.ts"
import { allowedBy, arnOf, documentsIn, listOf, managedPoliciesOf, type Statement, statementsOf } from "../policies.ts"
import { resourcesOf } from "../programs.ts"
import { templateNames } from "../template.ts"
import { deployments, transformedTemplate } from "./deployments.ts"
import { writingLog } from "./expectedCalls.ts"

/**
 * Actions that know no resources, by the Service Authorization Reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
 */
const withoutResources = [
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ecr:GetAuthorizationToken",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments"
]

// In the policy of a key, "everything" is that key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
const isKey = ({ type }: DeployedResource): boolean => type === "AWS::KMS::Key"

const wideIn = (resource: DeployedResource) => (statements: ReadonlyArray<Statement>): ReadonlyArray<string> =>
  statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action, Resource }) =>
    listOf(Action).filter((action) =>
      action.includes("*") ||
      (listOf(Resource).includes("*") && !isKey(resource) && !withoutResources.includes(action))
    )
  )

// Templates that are deployed on their own.
const alone = templateNames.filter((name) => ["bootstrap", "identity"].includes(name)).map((name) =>
  [`infra/${name}.yaml`, deploy(() => transformedTemplate(name), {})] as const
)

describe.each([...deployments, ...alone])("Of %s, the policies", (_name, deployment) => {
  it("allow no action by a wildcard, and none on everything that could be on something", () => {
    const found = [...deployment.values()].flatMap(({ resources }) =>
      [...resources.values()].flatMap((resource) =>
        documentsIn(resource.properties).flatMap(wideIn(resource)).map((action) =>
          `${resource.stack}.${resource.name}: ${action}`
        )
      )
    )
    assert.deepStrictEqual(found, [])
  })

  it("let nobody take a role but the one service that it is for", () => {
    for (const { name, properties } of resourcesOf(deployment, "AWS::IAM::Role")) {
      const statements = documentsIn(properties["AssumeRolePolicyDocument"] ?? null).flat()
      assert.lengthOf(statements, 1, name)
      assert.match(JSON.stringify(statements[0]?.Principal), /^\{"Service":"[a-z-]+\.amazonaws\.com"\}$/, name)
      assert.deepStrictEqual(statements.flatMap(({ Action }) => listOf(Action)), ["sts:AssumeRole"], name)
    }
  })

  it("of interface endpoints let through what tasks are allowed of a service, and nothing else", () => {
    const endpoints = resourcesOf(deployment, "AWS::EC2::VPCEndpoint").filter(({ properties }) =>
      properties["VpcEndpointType"] === "Interface"
    )
    const services = new Set(endpoints.map(({ properties }) => String(properties["ServiceName"]).split(".")[3]))
    const tasks = resourcesOf(deployment, "AWS::IAM::Role").filter(({ properties }) =>
      JSON.stringify(properties["AssumeRolePolicyDocument"]).includes("ecs-tasks.")
    )
    const actions = (statements: ReadonlyArray<Statement>) =>
      [...new Set(statements.flatMap(({ Action }) => listOf(Action)))]
        .filter((action) => services.has(action.split(":")[0])).toSorted()
    assert.deepStrictEqual(
      actions(endpoints.flatMap(({ properties }) => documentsIn(properties).flat())),
      actions(tasks.flatMap(statementsOf))
    )
  })
})

const LoggingFunction = Schema.Struct({
  Role: Schema.String,
  LoggingConfig: Schema.Struct({ LogGroup: Schema.String })
})

describe.each(alone)("Of %s, the roles", (_name, deployment) => {
  const functions = resourcesOf(deployment, "AWS::Lambda::Function").map(({ name, properties }) => {
    // In a network, a function's role would need more.
    assert.notProperty(properties, "VpcConfig", name)
    return Schema.decodeUnknownSync(LoggingFunction)(properties)
  })

  it("are functions' that ask nobody for anything: they allow writing a log", () => {
    const roles = resourcesOf(deployment, "AWS::IAM::Role")
    const needed = functions.map(({ LoggingConfig, Role }) => [Role, writingLog(LoggingConfig.LogGroup)])
    assert.deepStrictEqual(roles.map((role) => [arnOf(role), allowedBy(statementsOf(role))]), needed)
    assert.deepStrictEqual(roles.flatMap(managedPoliciesOf), [])
  })

  it("are all that anybody is allowed anything by", () => {
    const others = [...deployment.values()].flatMap(({ resources }) =>
      [...resources.values()].filter(({ type }) => type.startsWith("AWS::IAM::") && type !== "AWS::IAM::Role")
    )
    assert.deepStrictEqual(others.map(({ name }) => name), [])
  })
})
