import { assert, describe, it } from "@effect/vitest"
import { parseTemplate } from "../template.ts"
import { type SkippedFinding, speakingMetadata, unfoundedSuppressions } from "./suppressions.ts"

const file = "infra/data.yaml"
const reason = "It holds nothing that is secret."
const found: SkippedFinding = { check: "CKV_AWS_119", resource: "Table", file, lines: [2, 5], reason }

/** A template whose third line is a comment. */
const withComment = (comment: string): ReadonlyArray<readonly [file: string, text: string]> => [
  [
    file,
    ["Resources:", "  Table:", `    ${comment}`, "    Type: AWS::DynamoDB::Table", "    Properties: {}"].join("\n")
  ]
]

const faults = (comment: string, ...skipped: ReadonlyArray<SkippedFinding>) =>
  unfoundedSuppressions(withComment(comment), skipped)

describe("A suppression of what checkov finds", () => {
  it("is a comment within the resource that names the check, and says why", () => {
    assert.deepStrictEqual(faults(`# checkov:skip=CKV_AWS_119:${reason}`, found), [])
    assert.deepStrictEqual(faults(`# checkov:skip=CKV_AWS_119: ${reason}`, { ...found, reason: ` ${reason}` }), [])
  })

  it.each(["", "None", " for  a reason "])("needs four words at least, and not %j", (few) => {
    assert.deepStrictEqual(faults(`# checkov:skip=CKV_AWS_119:${few}`, { ...found, reason: few }), [
      "infra/data.yaml:2 Table: CKV_AWS_119 is suppressed without a reason"
    ])
  })

  it("suppresses something", () => {
    assert.deepStrictEqual(faults(`# checkov:skip=CKV_AWS_119:${reason}`), [
      "infra/data.yaml:3 CKV_AWS_119 is suppressed where it finds nothing"
    ])
  })

  const otherwise = `is suppressed otherwise than by a comment of the form "# checkov:skip=CKV_AWS_119:<reason>"`

  it.each([
    "# no word about it",
    `# bridgecrew:skip=CKV_AWS_119:${reason}`,
    `# checkov:skip=CKV_AWS_119,CKV_AWS_28:${reason}`
  ])("is nothing else: %s", (comment) => {
    assert.deepStrictEqual(faults(comment, found), [`infra/data.yaml:2 Table: CKV_AWS_119 ${otherwise}`])
  })

  it.each(
    [
      ["another file", { ...found, file: "infra/api.yaml" }],
      ["another resource", { ...found, lines: [4, 5] }],
      ["another check", { ...found, check: "CKV_AWS_28" }]
    ] as const
  )("holds for no finding in %s", (_name, finding) => {
    assert.lengthOf(faults(`# checkov:skip=CKV_AWS_119:${reason}`, finding), 2)
  })

  it("is no metadata, whether or not it suppresses something", () => {
    const { Resources } = parseTemplate(`
      Resources:
        Table: { Type: AWS::DynamoDB::Table, Metadata: { checkov: { skip: [{ id: CKV_AWS_119, comment: "${reason}" }] } } }
        Function: { Type: AWS::Serverless::Function, Metadata: { SkipBuild: true } }
    `)
    assert.deepStrictEqual(speakingMetadata(file, Resources), [
      "infra/data.yaml Table: what checkov shall pass over is said by a comment, not by metadata"
    ])
  })
})
