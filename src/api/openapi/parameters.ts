import type * as OpenApi from "effect/http-api/OpenApi"
import { defaultPageLimit } from "../QueryApi.ts"
import type { Parameter, Schema } from "./Document.ts"
import { commentExample } from "./examples.ts"
import * as forms from "./forms.ts"
import { problemExamples } from "./problems.ts"

interface Said {
  readonly name?: string
  /** What the contract's own schema doesn't say: some rules are the handlers', and some are no JSON Schema's to say. */
  readonly schema?: Schema
  readonly example: unknown
}

const string = (pattern: string): Schema => ({ type: "string", pattern })

// Examples go together: the cursors belong to the very lists of the other examples, and the token to none of them, so that
// nobody waits who tries them.
const said: Readonly<Record<string, Said>> = {
  pictureId: { example: commentExample.pictureId },
  commentId: { example: commentExample.id },
  commandId: { example: "0199a8f0-2d3e-7f40-8b5c-6d7e8f9a0b1c" },
  userId: { schema: string(forms.author), example: commentExample.authorId },
  name: { example: "comment-not-found" },
  order: { schema: { type: "string", enum: ["newest", "oldest"], default: "newest" }, example: "newest" },
  limit: { schema: { type: "integer", minimum: 1, maximum: 100, default: defaultPageLimit }, example: 20 },
  cursor: { schema: string(forms.cursor), example: "AUwPKO0sScE_AAABogfZIQABmajwHC1-P4pLXG1-j5oL" },
  "idempotency-key": { name: "Idempotency-Key", example: "8e03978e-40d5-43dd-bc93-6894a57f9324" },
  "if-match": { name: "If-Match", schema: string(forms.entityTags), example: "\"3\"" },
  "if-none-match": { name: "If-None-Match", example: "\"3\"" },
  "consistency-token": {
    name: "Consistency-Token",
    schema: string(forms.consistencyTokens),
    example: "AQGZqPRVZnd4iZCrzN3u_wAAAAACxSvS1OJEYCQ"
  },
  prefer: { name: "Prefer", example: "wait=5" }
}

// What differs from operation to operation.
const saidOfOperation: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "commands.postComment": { prefer: "respond-async" },
  "commands.editComment": { prefer: "respond-async" },
  "commands.deleteComment": { prefer: "respond-async" },
  "queries.pictureCounts": { pictureId: ["sunset-42", "harbour-7"] },
  "queries.authorPage": { cursor: "AfLRu9vb2oS_AAABogfZIQABmajwHC1-P4pLXG1-j5oL" }
}

const problemName = (): Schema => ({ type: "string", enum: Array.from(problemExamples().keys()) })

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null

const withoutDescription = ({ description, ...schema }: Schema): readonly [string, Schema] => [
  typeof description === "string" ? description : "",
  schema
]

/** A parameter as the contract has it, with all that its schema can't say, and an example. */
export const parameterOf = (
  operationId: string,
  { in: place, name, required, schema: generated }: OpenApi.OpenAPISpecParameter
): Parameter => {
  const [description, own] = withoutDescription(isSchema(generated) ? generated : {})
  const more = said[name]
  const schema = more?.schema ?? (operationId === "documentation.problemPage" ? problemName() : own)
  return {
    name: more?.name ?? name,
    in: place,
    required,
    description,
    schema,
    example: saidOfOperation[operationId]?.[name] ?? more?.example
  }
}
