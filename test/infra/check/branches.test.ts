import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { besideJson, branchesOf } from "./branches.ts"

const database = {
  Parameters: {
    Kind: { Type: "String", AllowedValues: ["instance", "aurora"] },
    Environment: { Type: "String", AllowedValues: ["dev", "staging", "prod"] },
    Email: { Type: "String", Default: "" },
    Origins: { Type: "CommaDelimitedList" },
    Size: { Type: "Number" }
  },
  Conditions: {
    IsAurora: { "Fn::Equals": [{ Ref: "Kind" }, "aurora"] },
    HasReader: { "Fn::And": [{ Condition: "IsAurora" }, { "Fn::Equals": [{ Ref: "Environment" }, "prod"] }] }
  },
  Mappings: { Sizes: { small: { cpu: "256" } } },
  Resources: {
    Cluster: { Type: "AWS::RDS::DBCluster", Condition: "IsAurora", Properties: { Port: 5432 } },
    Reader: { Type: "AWS::RDS::DBInstance", Condition: "HasReader", DependsOn: "Cluster" },
    Rule: {
      Type: "AWS::Events::Rule",
      DependsOn: ["Cluster", "Reader"],
      Properties: {
        Name: { "Fn::If": ["IsAurora", { "Fn::Sub": "${Cluster}" }, { Ref: "AWS::NoValue" }] },
        Targets: [{ "Fn::If": ["HasReader", { Ref: "Reader" }, { Ref: "AWS::NoValue" }] }, "always"],
        State: { "Fn::Sub": "size ${Size}" }
      }
    }
  },
  Outputs: { Reader: { Condition: "HasReader", Value: { Ref: "Reader" } } }
}

const branches = branchesOf(database)
const Resources = Schema.Struct({ Resources: Schema.Record(Schema.String, Schema.Json) })
const resources = branches.map(({ template }) => Schema.decodeUnknownSync(Resources)(template).Resources)

describe("The branches of a template", () => {
  it("are as many as there are combinations of conditions that can be had", () => {
    assert.deepStrictEqual(
      branches.map(({ name }) => name),
      ["Kind=instance,Environment=dev", "Kind=aurora,Environment=dev", "Kind=aurora,Environment=prod"]
    )
  })

  it("hold what their conditions leave, and wait for nothing else", () => {
    assert.deepStrictEqual(resources.map(Object.keys), [["Rule"], ["Cluster", "Rule"], ["Cluster", "Reader", "Rule"]])
    assert.deepStrictEqual(resources.map(({ Rule }) => Rule), [
      { Type: "AWS::Events::Rule", Properties: { Targets: ["always"], State: { "Fn::Sub": "size ${Size}" } } },
      {
        Type: "AWS::Events::Rule",
        DependsOn: ["Cluster"],
        Properties: { Name: { "Fn::Sub": "${Cluster}" }, Targets: ["always"], State: { "Fn::Sub": "size ${Size}" } }
      },
      {
        Type: "AWS::Events::Rule",
        DependsOn: ["Cluster", "Reader"],
        Properties: {
          Name: { "Fn::Sub": "${Cluster}" },
          Targets: [{ Ref: "Reader" }, "always"],
          State: { "Fn::Sub": "size ${Size}" }
        }
      }
    ])
  })

  it("have no conditions, and no parameter or mapping that nothing asks for", () => {
    const others = { Parameters: { Size: { Type: "Number" } }, Outputs: {} }
    assert.deepStrictEqual<unknown>(branches[0]?.template, { ...others, Resources: resources[0] })
  })

  it("take both what a condition compares a text with, and what it doesn't", () => {
    const HasEmail = { "Fn::Not": [{ "Fn::Equals": [{ Ref: "Email" }, ""] }] }
    const HasOrigins = { "Fn::Not": [{ "Fn::Equals": [{ "Fn::Join": ["", { Ref: "Origins" }] }, ""] }] }
    const found = branchesOf({ ...database, Conditions: { HasEmail, HasOrigins }, Resources: {}, Outputs: {} })
    assert.deepStrictEqual(
      found.map(({ name }) => name),
      ["Email=,Origins=", "Email=,Origins=another", "Email=another,Origins=", "Email=another,Origins=another"]
    )
  })

  it("are none where there are no conditions", () => {
    assert.deepStrictEqual(branchesOf({ Resources: {} }), [])
  })

  it("can't be had of conditions that nobody knows before a deployment", () => {
    const unknown = { IsHere: { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-central-1"] } }
    assert.throws(() => branchesOf({ Conditions: unknown, Resources: {} }), "No condition can know AWS::Region")
  })
})

describe("A template for linting", () => {
  it("names nested templates as they are when they lie beside it in JSON", () => {
    const stack = (TemplateURL: string) => ({
      Resources: { Data: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL, Parameters: {} } } },
      Outputs: {}
    })
    assert.deepStrictEqual(besideJson(stack("./data.yaml")), stack("./data.json"))
  })
})
