import { assert, describe, it } from "@effect/vitest"
import { deploy } from "./deployment.ts"
import { parseTemplate } from "./template.ts"

const root = `
Parameters:
  Kind: { Type: String, Default: small }
  Zones: { Type: CommaDelimitedList, Default: "a,b" }
  Third: { Type: String, Default: "c" }
Conditions:
  IsLarge: !Equals [!Ref Kind, large]
  IsSmall: !Not [!Condition IsLarge]
Rules:
  LargeHasThird:
    RuleCondition: !Equals [!Ref Kind, large]
    Assertions:
      - { Assert: { "Fn::Contains": [["c"], !Ref Third] }, AssertDescription: What is large has c. }
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./data.yaml
      Parameters:
        Prefix: !Sub "\${AWS::StackName}-\${Kind}"
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Table: !GetAtt Data.Outputs.TableArn
      Index: !Sub ["\${Arn}/index/\${!x}", { Arn: !GetAtt Data.Outputs.TableArn }]
      Size: !If [IsLarge, 3, !Ref AWS::NoValue]
      Zones: !Join ["|", !Ref Zones]
      Second: !Select [1, !Split ["-", one-two]]
      Blocks: !Cidr [10.0.0.0/16, 3, 8]
  Extra:
    Type: AWS::SNS::Topic
    Condition: IsLarge
`

const data = `
Parameters:
  Prefix: { Type: String, AllowedPattern: "^[a-z-]+$" }
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: !Sub "\${Prefix}-events" }
Outputs:
  TableArn: { Value: !GetAtt Table.Arn }
`

const templates = (changed: (text: string) => string = (text) => text) => (name: string) =>
  parseTemplate(changed(name === "template" ? root : data))

describe("A deployment that is worked out", () => {
  it("follows parameters and outputs through nested stacks, and names what only AWS knows", () => {
    const stacks = deploy(templates(), {})
    assert.deepStrictEqual<unknown>(stacks.get("template")?.resources.get("Reader")?.properties, {
      Table: "<Data.Table.Arn>",
      Index: "<Data.Table.Arn>/index/${x}",
      Zones: "a|b",
      Second: "two",
      Blocks: ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
    })
    assert.deepStrictEqual<unknown>(stacks.get("Data")?.resources.get("Table")?.properties, {
      TableName: "marginalia-template-small-events"
    })
    assert.deepStrictEqual([...(stacks.get("template")?.resources.keys() ?? [])], ["Data", "Reader"])
  })

  it("is as its conditions say", () => {
    const stack = deploy(templates(), { Kind: "large" }).get("template")
    assert.strictEqual(stack?.resources.get("Reader")?.properties["Size"], 3)
    assert.isTrue(stack?.resources.has("Extra"))
  })

  it("is refused where a rule is broken, and only where the rule holds", () => {
    assert.throws(() => deploy(templates(), { Kind: "large", Third: "d" }), /^What is large has c\.$/)
    assert.doesNotThrow(() => deploy(templates(), { Third: "d" }))
  })

  it.each(
    [
      ["a parameter that isn't given", ["        Prefix: !Sub", "        # Prefix: !Sub"], /Data isn't told .* Prefix/],
      ["a parameter that isn't declared", ["Prefix: { Type", "Other: { Type"], /Data has no parameters Prefix/],
      [
        "a value that isn't allowed",
        ["Default: small", "Default: 3"],
        /Data takes no "marginalia-template-3" .* Prefix/
      ],
      ["an output that isn't there", ["  TableArn: { Value", "  Arn: { Value"], /Data has no output TableArn/],
      ["a resource that isn't there", ["!Ref Zones", "!Ref Zone"], /template has no resource Zone/],
      ["a resource that is left out", ["!Ref Zones", "!Ref Extra"], /Extra, which its conditions leave out/],
      ["a condition that isn't there", ["!If [IsLarge", "!If [IsHuge"], /template has no condition IsHuge/]
    ] as const
  )("is refused for %s", (_name, [from, to], message) => {
    const changed = (text: string) => text.replace(from, to)
    assert.notStrictEqual(changed(root + data), root + data)
    assert.throws(() => deploy(templates(changed), {}), message)
  })
})
