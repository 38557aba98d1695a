import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { httpSuite } from "../../http/suite.ts"
import { patience } from "../../programs/program.ts"
import { allowedBy, arnOf, documentsIn, listOf, managedPoliciesOf, statementsOf } from "../policies.ts"
import { decodeTask, type DeployedProgram, programsOf, resourcesOf } from "../programs.ts"
import { makeCallRecorder } from "../recording/makeCallRecorder.ts"
import { heal, runAccepted } from "../recording/recordedLambdas.ts"
import { deployedCommands, operate, opsCommands, undeployedCommands } from "../recording/recordedOps.ts"
import { recordedPrograms, recordedSite } from "../recording/recordedSite.ts"
import { recordedParts, recordedStack } from "../recording/recordedStack.ts"
import { deployments } from "./deployments.ts"
import { callsOfExecution, callsOfRole } from "./expectedCalls.ts"

const recorder = makeCallRecorder()

/** What the poller asks for. It has no role, because Lambda is in its place; whoever runs it on AWS gives it one of these. */
const pollerCalls = [
  "dynamodb:DescribeStream events/stream",
  "dynamodb:DescribeStream inbox/stream",
  "dynamodb:DescribeTable events",
  "dynamodb:DescribeTable inbox",
  "dynamodb:GetItem inbox",
  "dynamodb:GetRecords events/stream",
  "dynamodb:GetRecords inbox/stream",
  "dynamodb:GetShardIterator events/stream",
  "dynamodb:GetShardIterator inbox/stream",
  "dynamodb:PutItem events",
  "dynamodb:Query events",
  "dynamodb:Query inbox/index/pending",
  "dynamodb:Scan events",
  "dynamodb:UpdateItem inbox"
]

httpSuite("The stack, whose calls are written down,", recordedStack(recorder), recordedParts)

describe("The functions and the program for operators, whose calls are written down,", () => {
  it.layer(recordedSite(recorder), { excludeTestServices: true, timeout: patience })((it) => {
    it.effect("run what was accepted", () => Effect.scoped(runAccepted), patience)
    it.effect("heal a gap", () => Effect.scoped(heal), patience)
  })
  it.layer(recordedSite(recorder), { excludeTestServices: true, timeout: patience })((it) => {
    it.effect("look after the log and the read model", () => operate, patience)
    it.effect("know no command of which nobody has said where it is run", () =>
      Effect.gen(function*() {
        assert.sameMembers(yield* opsCommands, [...deployedCommands, ...undeployedCommands])
      }), patience)
  })

  it("leave a list of what each of them asks of DynamoDB", () => {
    const calls = Object.fromEntries(
      recordedPrograms.map((program) => [
        program,
        recorder.callsBy(program).map(({ action, resource }) => `${action} ${resource}`)
      ])
    )
    const folder = fileURLToPath(new URL("../../../.infra/", import.meta.url))
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}calls.json`, `${JSON.stringify(calls, null, 2)}\n`)
    assert.deepStrictEqual(calls["query-service"], [], "the query service reaches no table")
    assert.deepStrictEqual(calls["stream-poller"], pollerCalls)
  })
})

/** The program whose role it is, or whose task it starts. */
const ownerOf = (programs: ReadonlyArray<DeployedProgram>, arn: string) => {
  const program = programs.find(({ role }) => role === arn)
  if (program !== undefined) return { program, starts: false }
  const started = programs.find(({ resource }) =>
    resource.type === "AWS::ECS::TaskDefinition" && decodeTask(resource.properties).ExecutionRoleArn === arn
  )
  return started === undefined ? undefined : { program: started, starts: true }
}

// Roles of AWS's own services, whose calls are none of a program's.
const servicesRoles: Readonly<Record<string, ReadonlyArray<string>>> = {
  // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
  "<Network.FlowLogRole.Arn>": [
    "logs:CreateLogStream <Network.FlowLogGroup.Arn>",
    "logs:DescribeLogGroups arn:aws:logs:eu-central-1:123456789012:log-group:*",
    "logs:DescribeLogStreams <Network.FlowLogGroup.Arn>",
    "logs:PutLogEvents <Network.FlowLogGroup.Arn>"
  ]
}

describe.each(deployments)("Of %s, the roles", (_name, deployment) => {
  const programs = programsOf(deployment)
  const roles = resourcesOf(deployment, "AWS::IAM::Role")

  it("are one for each program, and one for each task that is started", () => {
    const tasks = programs.filter(({ resource }) => resource.type === "AWS::ECS::TaskDefinition")
    const wanted = [
      ...programs.map(({ role }) => role),
      ...tasks.map(({ resource }) => decodeTask(resource.properties).ExecutionRoleArn),
      ...Object.keys(servicesRoles)
    ]
    assert.deepStrictEqual(roles.map(arnOf).toSorted(), wanted.toSorted())
  })

  it.each(roles.map((role) => [role.name, role] as const))(
    "allow exactly the calls that are made: %s",
    (_name, role) => {
      const arn = arnOf(role)
      const owner = ownerOf(programs, arn)
      const expected = owner === undefined
        ? servicesRoles[arn]
        : owner.starts
        ? callsOfExecution(owner.program)
        : callsOfRole(deployment, owner.program, recorder.callsBy(owner.program.name))
      assert.deepStrictEqual(allowedBy(statementsOf(role)), expected)
      assert.deepStrictEqual(managedPoliciesOf(role), [])
    }
  )

  it("forbid nothing that a program does", () => {
    const seen = recordedPrograms.flatMap((program) => recorder.callsBy(program).map(({ action }) => action))
    for (const role of roles) {
      const denied = statementsOf(role).filter(({ Effect }) => Effect === "Deny").flatMap(({ Action }) =>
        listOf(Action)
      )
      assert.deepStrictEqual(denied.filter((action) => seen.includes(action)), [])
      assert.isEmpty(denied.filter((action) => action.includes("*")))
    }
  })

  it("find the endpoint of DynamoDB as wide as they are together, and no wider", () => {
    const seen = programs.flatMap(({ name }) => recorder.callsBy(name).map(({ action }) => action))
    const endpoint = resourcesOf(deployment, "AWS::EC2::VPCEndpoint").find(({ name }) => name === "DynamoDbEndpoint")
    const statements = documentsIn(endpoint?.properties ?? null).flat()
    assert.deepStrictEqual(statements.flatMap(({ Action }) => listOf(Action)).toSorted(), [...new Set(seen)].toSorted())
  })

  it("are all that anybody is allowed anything by", () => {
    const others = [...deployment.values()].flatMap(({ resources }) =>
      [...resources.values()].filter(({ type }) => type.startsWith("AWS::IAM::") && type !== "AWS::IAM::Role")
    )
    assert.deepStrictEqual(others.map(({ name, type }) => `${name}: ${type}`), [])
  })
})
