import { Option, Schema } from "effect"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type CollectionTag, parseDocument, type ScalarTag, YAMLMap } from "yaml"

/** What a template may hold: JSON, in which an intrinsic function is an object of one key. */
export type Json = Schema.Json

const Named = Schema.Record(Schema.String, Schema.Json)

/** A parameter of a template, as far as tests look at it. */
export const Parameter = Schema.Struct({
  Type: Schema.String,
  Description: Schema.optionalKey(Schema.String),
  Default: Schema.optionalKey(Schema.Json),
  AllowedValues: Schema.optionalKey(Schema.Array(Schema.Json)),
  AllowedPattern: Schema.optionalKey(Schema.String),
  MinValue: Schema.optionalKey(Schema.Finite),
  MaxValue: Schema.optionalKey(Schema.Finite),
  NoEcho: Schema.optionalKey(Schema.Boolean)
})
export type Parameter = typeof Parameter.Type

/** A resource of a template: its type, its properties, and what CloudFormation is told about it. */
export const Resource = Schema.Struct({
  Type: Schema.String,
  Properties: Schema.optionalKey(Named),
  Condition: Schema.optionalKey(Schema.String),
  DependsOn: Schema.optionalKey(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  Metadata: Schema.optionalKey(Named),
  DeletionPolicy: Schema.optionalKey(Schema.Json),
  UpdateReplacePolicy: Schema.optionalKey(Schema.Json)
})
export type Resource = typeof Resource.Type

const Output = Schema.Struct({
  Value: Schema.Json,
  Description: Schema.optionalKey(Schema.String),
  Condition: Schema.optionalKey(Schema.String)
})

/** What CloudFormation checks before it makes anything. */
const Rule = Schema.Struct({
  RuleCondition: Schema.optionalKey(Schema.Json),
  Assertions: Schema.Array(Schema.Struct({ Assert: Schema.Json, AssertDescription: Schema.String }))
})

/** A template, with its intrinsic functions written out: `{ "Ref": … }`, `{ "Fn::GetAtt": […] }`. */
export const Template = Schema.Struct({
  Description: Schema.optionalKey(Schema.String),
  Transform: Schema.optionalKey(Schema.Json),
  Parameters: Schema.optionalKey(Schema.Record(Schema.String, Parameter)),
  Mappings: Schema.optionalKey(Schema.Record(Schema.String, Schema.Record(Schema.String, Named))),
  Conditions: Schema.optionalKey(Named),
  Rules: Schema.optionalKey(Schema.Record(Schema.String, Rule)),
  Globals: Schema.optionalKey(Schema.Json),
  Resources: Schema.Record(Schema.String, Resource),
  Outputs: Schema.optionalKey(Schema.Record(Schema.String, Output))
})
export type Template = typeof Template.Type

/** What is decoded as a template, or an error that says where it isn't one. */
export const decodeTemplate = Schema.decodeUnknownSync(Template)

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
const functions = [
  "And",
  "Base64",
  "Cidr",
  "Equals",
  "FindInMap",
  "GetAtt",
  "GetAZs",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform"
]

/** The long form of a tag: `!Ref` and `!Condition` keep their names, all others are of `Fn::`. */
const longNames: ReadonlyArray<readonly [tag: string, long: string]> = [
  ["!Ref", "Ref"],
  ["!Condition", "Condition"],
  ...functions.map((name) => [`!${name}`, `Fn::${name}`] as const)
]

const written = (long: string, value: string) => {
  if (long !== "Fn::GetAtt") return { [long]: value }
  const dot = value.indexOf(".")
  return { [long]: [value.slice(0, dot), value.slice(dot + 1)] }
}

const collection = (tag: string, long: string, kind: "map" | "seq"): CollectionTag => ({
  tag,
  collection: kind,
  resolve: (value) => {
    const map = new YAMLMap()
    map.set(long, value)
    return map
  }
})

const customTags = longNames.flatMap(([tag, long]): Array<CollectionTag | ScalarTag> => [
  { tag, resolve: (value) => written(long, value) },
  collection(tag, long, "seq"),
  collection(tag, long, "map")
])

/** The plain form of a template's text. Throws where the text is no YAML, has an unknown tag, or says a key twice. */
export const parseTemplate = (text: string): Template => {
  const document = parseDocument(text, { customTags, uniqueKeys: true, logLevel: "silent" })
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) throw fault
  return decodeTemplate(document.toJS({ maxAliasCount: 0 }))
}

const infra = fileURLToPath(new URL("../../infra", import.meta.url))

/** The names of all templates: `network` for `infra/network.yaml`. The root is `template`. */
export const templateNames: ReadonlyArray<string> = readdirSync(infra)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => basename(file, ".yaml"))
  .toSorted()

/** A template as it is written. */
export const readTemplate = (name: string): Template => parseTemplate(readFileSync(join(infra, `${name}.yaml`), "utf8"))

const transformed = fileURLToPath(new URL("../../.infra/transformed", import.meta.url))

/** A template as the SAM translator leaves it, once `npm run check:infra` has had it translated. */
export const readTransformed = (name: string): Option.Option<Template> => {
  const file = join(transformed, `${name}.json`)
  return existsSync(file) ? Option.some(decodeTemplate(JSON.parse(readFileSync(file, "utf8")))) : Option.none()
}
