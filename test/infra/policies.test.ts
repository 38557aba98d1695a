import { assert, describe, it } from "@effect/vitest"
import type { DeployedResource } from "./deployment.ts"
import { allowedBy, documentsIn, statementsOf } from "./policies.ts"
import type { Json } from "./template.ts"

const reading = { Effect: "Allow", Action: "dynamodb:Query", Resource: "<Data.EventsTable.Arn>" }

const documentOf = (...Statement: ReadonlyArray<Json>): Json => ({ Version: "2012-10-17", Statement })

const roleWith = (PolicyDocument: Json): DeployedResource => ({
  stack: "Services",
  name: "QueryRole",
  type: "AWS::IAM::Role",
  properties: { Policies: [{ PolicyName: "reading", PolicyDocument }] }
})

describe("A policy, as tests read it,", () => {
  it("allows what it names", () => {
    const role = roleWith(documentOf(
      { ...reading, Sid: "Reading", Action: ["dynamodb:Query", "dynamodb:GetItem"] },
      { ...reading, Effect: "Deny", Action: "dynamodb:Scan" }
    ))
    assert.deepStrictEqual(allowedBy(statementsOf(role)), [
      "dynamodb:GetItem <Data.EventsTable.Arn>",
      "dynamodb:Query <Data.EventsTable.Arn>"
    ])
    assert.deepStrictEqual(documentsIn(role.properties), [statementsOf(role)])
  })

  it.each([
    ["NotResource", { Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::nothing" }],
    ["NotAction", { Effect: "Allow", NotAction: "iam:CreateUser", Resource: "*" }],
    ["NotAction beside an action", { ...reading, NotAction: "iam:CreateUser" }],
    ["NotResource beside a resource", { ...reading, NotResource: "arn:aws:s3:::nothing" }],
    ["NotPrincipal", { ...reading, NotPrincipal: { AWS: "*" } }]
  ])("has no %s: it would allow all the rest", (_name, statement) => {
    assert.throws(() => statementsOf(roleWith(documentOf(statement))))
    assert.throws(() => documentsIn(documentOf(statement)))
  })

  it("names a resource where it is a role's own, and nobody whom it is about", () => {
    const { Resource: _resource, ...unbound } = reading
    assert.throws(() => statementsOf(roleWith(documentOf(unbound))), /Resource/)
    assert.throws(() => statementsOf(roleWith(documentOf({ ...reading, Principal: "*" }))), /Principal/)
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }
    assert.lengthOf(documentsIn({ AssumeRolePolicyDocument: documentOf(trust) }).flat(), 1)
  })

  it("is of the language's current version", () => {
    assert.throws(() => documentsIn({ Version: "2008-10-17", Statement: [reading] }), /Version/)
    assert.throws(() => documentsIn({ Statement: [reading] }), /Version/)
  })
})
