import type * as JsonSchema from "effect/JsonSchema"

/** A JSON Schema, as OpenAPI 3.1 has it. */
export type Schema = JsonSchema.JsonSchema

/** Leads to a component of the document. */
export interface Reference {
  readonly $ref: string
}

/** A parameter of a path, a query or a header. */
export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description: string
  readonly schema: Schema
  readonly example: unknown
}

/** A header of answers. */
export interface Header {
  readonly description: string
  readonly required: boolean
  readonly schema: Schema
  readonly example: unknown
}

/** What a body may look like, and what it does look like. */
export interface MediaType {
  readonly schema: Schema
  readonly examples: Readonly<Record<string, Reference | { readonly value: unknown }>>
}

export type Content = Readonly<Record<string, MediaType>>

/** Where an answer leads. */
export interface Link {
  readonly operationId: string
  readonly description: string
  readonly parameters: Readonly<Record<string, string>>
}

/** One of the answers of an operation. */
export interface Answer {
  readonly description: string
  readonly headers: Readonly<Record<string, Reference>>
  readonly content?: Content
  readonly links?: Readonly<Record<string, Link>>
}

/** What is served by one method at one path. */
export interface Operation {
  readonly operationId: string
  readonly tags: ReadonlyArray<string>
  readonly summary: string
  readonly description: string
  readonly security: ReadonlyArray<Readonly<Record<string, ReadonlyArray<string>>>>
  readonly parameters: ReadonlyArray<Parameter>
  readonly requestBody?: { readonly required: true; readonly content: Content }
  readonly responses: Readonly<Record<string, Answer>>
}

/** The components that a reference leads to, by kind. */
export const reference = (kind: "examples" | "headers" | "schemas", name: string): Reference => ({
  $ref: `#/components/${kind}/${name}`
})
