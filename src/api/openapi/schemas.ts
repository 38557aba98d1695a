import type * as JsonSchema from "effect/JsonSchema"
import { maxBytes } from "../../domain/CommentText.ts"
import type { Schema } from "./Document.ts"
import { bodyExamples } from "./examples.ts"
import * as forms from "./forms.ts"
import { problemExamples, problemSchema } from "./problems.ts"

// What the contract's schemas don't say, by component and property. A text's graphemes and bytes are counted when it is
// normalised, which no JSON Schema can say: so this is only what no good text exceeds.
const refinements: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  CommentDraft: { text: { minLength: 1, maxLength: maxBytes, pattern: forms.text } }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

// Not every engine knows Unicode's properties, and where text is UTF-8 there are no lone surrogates to exclude.
const unportable = "^[^\\p{Cc}\\p{Cs}]{1,255}$"

const portable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(portable)
  if (!isObject(value)) return value === unportable ? forms.author : value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, portable(inner)]))
}

const refined = (name: string, schema: Schema): Schema => {
  const more = refinements[name]
  const { properties } = schema
  if (more === undefined || !isObject(properties)) return schema
  return {
    ...schema,
    properties: Object.fromEntries(
      Object.entries(properties).map((
        [property, own]
      ) => [property, isObject(own) ? { ...own, ...more[property] } : own])
    )
  }
}

/** The last part of a problem's type, of the schema of one. */
export const problemOf = ({ properties }: Schema): string | undefined =>
  /"\/problems\/([a-z-]+)"/.exec(JSON.stringify(isObject(properties) ? properties["type"] : undefined) ?? "")?.[1]

/** The schemas of all bodies: the contract's, and one for each problem. */
export const schemaComponents = (generated: JsonSchema.Definitions): Readonly<Record<string, unknown>> => {
  const own = Object.entries(generated).filter(([, schema]) => problemOf(schema) === undefined)
  return {
    ...Object.fromEntries(
      own.map(([name, schema]) => [name, {
        ...refined(name, schema),
        ...(name in bodyExamples ? { examples: [bodyExamples[name]] } : {})
      }]).map(([name, schema]) => [name, portable(schema)])
    ),
    ...Object.fromEntries(Array.from(problemExamples(), ([name, problem]) => [name, problemSchema(problem)]))
  }
}
