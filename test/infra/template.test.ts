import { assert, describe, it } from "@effect/vitest"
import { parseTemplate } from "./template.ts"

const resource = (properties: string): string =>
  `Resources:\n  It:\n    Type: A::B::C\n    Properties:\n      ${properties}`

const propertyOf = (text: string) => parseTemplate(resource(`Value: ${text}`)).Resources["It"]?.Properties?.["Value"]

describe("A template that is read for a test", () => {
  it.each(
    [
      ["!Ref Name", { Ref: "Name" }],
      ["!Condition Name", { Condition: "Name" }],
      ["!Sub '${Name}-x'", { "Fn::Sub": "${Name}-x" }],
      ["!Sub ['${A}', { A: !Ref B }]", { "Fn::Sub": ["${A}", { A: { Ref: "B" } }] }],
      ["!GetAtt Table.Arn", { "Fn::GetAtt": ["Table", "Arn"] }],
      ["!GetAtt Data.Outputs.TableArn", { "Fn::GetAtt": ["Data", "Outputs.TableArn"] }],
      ["!GetAtt [Table, Arn]", { "Fn::GetAtt": ["Table", "Arn"] }],
      ["!If [A, !Ref B, !Ref 'AWS::NoValue']", { "Fn::If": ["A", { Ref: "B" }, { Ref: "AWS::NoValue" }] }],
      ["!Select [0, !GetAZs '']", { "Fn::Select": [0, { "Fn::GetAZs": "" }] }],
      ["!Transform { Name: 'AWS::Include' }", { "Fn::Transform": { Name: "AWS::Include" } }],
      ["2010-09-09", "2010-09-09"],
      ["[8080, '8080', true]", [8080, "8080", true]]
    ] as const
  )("has %s in its long form", (text, plain) => {
    assert.deepStrictEqual<unknown>(propertyOf(text), plain)
  })

  it.each([
    ["a tag that CloudFormation doesn't have", resource("Value: !Reference Name")],
    ["a key that is said twice", resource("Value: 1\n      Value: 2")],
    ["a resource without a type", "Resources:\n  It: {}"],
    ["no YAML", "Resources: ["]
  ])("is refused for %s", (_name, text) => {
    assert.throws(() => parseTemplate(text))
  })
})
