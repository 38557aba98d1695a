import { JsonSchema, Schema, SchemaRepresentation } from "effect"
import { OpenApi } from "effect/http-api"
import { DevelopmentTokenApi } from "../../../src/api/DevelopmentTokenApi.ts"
import { MarginaliaApi } from "../../../src/api/MarginaliaApi.ts"
import { described } from "../../../src/api/openapi/described.ts"
import { OperationsApi } from "../../../src/api/openapi/ServedApi.ts"

const Json = Schema.Record(Schema.String, Schema.Unknown)
const NonEmpty = Schema.Trimmed.check(Schema.isNonEmpty())
const Referring = Schema.Struct({ $ref: Schema.String.check(Schema.isPattern(/^#\//)) })
const exactly = { onExcessProperty: "error", errors: "all" } as const

const Parameter = Schema.Struct({
  name: NonEmpty,
  in: Schema.Literals(["path", "query", "header"]),
  required: Schema.Boolean,
  description: NonEmpty,
  schema: Json,
  example: Schema.Json
})

const Content = Schema.Record(
  Schema.String,
  Schema.Struct({ schema: Json, examples: Schema.Record(Schema.String, Json) })
)

const Link = Schema.Struct({
  operationId: NonEmpty,
  description: NonEmpty,
  parameters: Schema.Record(Schema.String, Schema.String)
})

const Answer = Schema.Struct({
  description: NonEmpty,
  headers: Schema.Record(Schema.String, Referring),
  content: Schema.optionalKey(Content),
  links: Schema.optionalKey(Schema.Record(Schema.String, Link))
})
export type Answer = typeof Answer.Type

const Operation = Schema.Struct({
  operationId: NonEmpty,
  tags: Schema.Tuple([NonEmpty]),
  summary: NonEmpty,
  description: NonEmpty,
  security: Schema.Array(Schema.Record(Schema.String, Schema.Array(Schema.String))),
  parameters: Schema.Array(Parameter),
  requestBody: Schema.optionalKey(Schema.Struct({ required: Schema.Literal(true), content: Content })),
  responses: Schema.Record(Schema.String.check(Schema.isPattern(/^[2-5]\d\d$/)), Answer)
})
export type Operation = typeof Operation.Type

const Header = Schema.Struct({ description: NonEmpty, required: Schema.Boolean, schema: Json, example: Schema.Json })

/** The OpenAPI Object as this project fills it (OpenAPI Specification 3.1, section 4.8): nothing else may be in it. */
const Document = Schema.Struct({
  openapi: Schema.String.check(Schema.isPattern(/^3\.1\.\d+$/)),
  info: Schema.Struct({
    title: NonEmpty,
    version: NonEmpty,
    summary: NonEmpty,
    description: NonEmpty,
    license: Schema.Struct({ name: NonEmpty, identifier: NonEmpty })
  }),
  servers: Schema.Array(Schema.Struct({ url: Schema.Literal("/"), description: NonEmpty })),
  tags: Schema.Array(Schema.Struct({ name: NonEmpty, description: NonEmpty })),
  security: Schema.Tuple([]),
  paths: Schema.Record(
    Schema.String.check(Schema.isPattern(/^\//)),
    Schema.Struct({
      get: Schema.optionalKey(Operation),
      post: Schema.optionalKey(Operation),
      patch: Schema.optionalKey(Operation),
      delete: Schema.optionalKey(Operation)
    })
  ),
  components: Schema.Struct({
    schemas: Schema.Record(Schema.String, Json),
    headers: Schema.Record(Schema.String, Header),
    examples: Schema.Record(Schema.String, Schema.Struct({ value: Schema.Json })),
    securitySchemes: Schema.Record(Schema.String, Json)
  })
})

/** What the standalone program serves, which is all there is. */
export const document = Schema.decodeUnknownSync(Document, exactly)(
  OpenApi.fromApi(described(MarginaliaApi.addHttpApi(DevelopmentTokenApi).addHttpApi(OperationsApi)))
)

export interface Place {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

/** All operations, and where they are. */
export const operations: ReadonlyArray<Place> = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation }))
)

const definitionOf = (schema: JsonSchema.JsonSchema) => JsonSchema.fromSchemaOpenApi3_1(schema).schema

const definitions = Object.fromEntries(
  Object.entries(document.components.schemas).map(([name, schema]) => [name, definitionOf(schema)])
)

/** Whether a value is what a schema of the document describes. */
export const isValid = (schema: JsonSchema.JsonSchema, value: unknown): boolean => {
  const decoder = SchemaRepresentation.fromJsonSchemaDocument(
    { dialect: "draft-2020-12", schema: definitionOf(schema), definitions },
    { patterns: "apply" }
  )
  return Schema.is(decoder)(value)
}

/** The component that is referred to. */
export const headerAt = ({ $ref }: { readonly $ref: string }) =>
  document.components.headers[$ref.replace("#/components/headers/", "")]

/** An example: the value itself, or the component that is referred to. */
export const exampleAt = (example: Readonly<Record<string, unknown>>): unknown =>
  typeof example["$ref"] === "string"
    ? document.components.examples[example["$ref"].replace("#/components/examples/", "")]?.value
    : example["value"]

/** An operation by its id. */
export const operationAt = (id: string): Operation => {
  const found = operations.find(({ operation }) => operation.operationId === id)
  if (found === undefined) throw new Error(`no operation is called ${id}`)
  return found.operation
}

/** What an operation answers, by status. */
export const answersTo = (id: string): Readonly<Record<string, Answer>> => operationAt(id).responses

/** The names of an answer's headers, with a question mark after those that may be missing. */
export const headersOf = (answer: Answer | undefined): Array<string> =>
  Object.entries(answer?.headers ?? {}).map(([name, header]) => headerAt(header)?.required === true ? name : `${name}?`)
