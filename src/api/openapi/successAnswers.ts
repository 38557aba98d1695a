import type * as OpenApi from "effect/http-api/OpenApi"
import { always, type Answering } from "./Answering.ts"
import type { Answer, Content, MediaType } from "./Document.ts"
import { reference } from "./Document.ts"
import { bodyExamples, textExamples } from "./examples.ts"
import type { HeaderName, HeaderUse } from "./headers.ts"
import { headersOf } from "./headers.ts"
import { linksOf } from "./links.ts"

const headerNames: Readonly<Record<string, HeaderName>> = {
  etag: "ETag",
  "consistency-token": "Consistency-Token",
  "idempotency-replayed": "Idempotency-Replayed",
  "preference-applied": "Preference-Applied",
  link: "Link",
  "retry-after": "Retry-After"
}

const headerOf = (status: number, name: string, header: OpenApi.OpenAPISpecHeader): HeaderUse => {
  const required = header.required
  switch (name) {
    case "location":
      return { name: status === 202 ? "Location.command" : "Location.comment", required }
    case "cache-control":
      return {
        name: JSON.stringify(header.schema).includes("no-store") ? "Cache-Control.no-store" : "Cache-Control.no-cache",
        required
      }
    default:
      return { name: headerNames[name] ?? "X-Request-Id", required }
  }
}

const namesIn = (schema: unknown): ReadonlyArray<string> =>
  Array.from(JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([\w.-]+)"/g), ([, name = ""]) => name)

const mediaType = (type: string, schema: MediaType["schema"]): MediaType => {
  const [name] = namesIn(schema)
  return name !== undefined && Object.hasOwn(bodyExamples, name)
    ? { schema, examples: { [name]: reference("examples", name) } }
    : { schema, examples: { text: { value: textExamples[type] } } }
}

/** Bodies as the contract has them, with their examples. */
export const contentOf = (content: OpenApi.OpenApiSpecContent): Content =>
  Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, mediaType(type, schema)]))

const descriptions: Readonly<Record<string, string>> = {
  "commands.postComment 201": "The comment as it was posted.",
  "commands.editComment 200": "The comment with its new text.",
  "commands.deleteComment 204": "The comment is deleted.",
  "acceptedCommands.commandStatus 200": "Where the command stands.",
  "queries.picturePage 200": "A page of the picture's comments.",
  "queries.authorPage 200": "A page of the user's comments.",
  "queries.pictureCount 200": "How many there are.",
  "queries.pictureCounts 200": "How many there are, picture by picture.",
  "queries.comment 200": "The comment.",
  "queries.history 200": "All that has happened to the comment.",
  "documentation.openApi 200": "An OpenAPI document.",
  "documentation.docs 200": "A page.",
  "documentation.problemPage 200": "A page.",
  "operations.live 200": "The process serves.",
  "operations.ready 200": "All is there.",
  "operations.ready 503": "Something is missing.",
  "operations.metrics 200": "What has been measured up to now.",
  "development.token 200": "The token."
}

const accepted = "The command is stored, and will be decided."

/** What is answered to somebody who has the content already: all but the content. */
export const notModified = (operation: Answering, { headers = {} }: OpenApi.OpenApiSpecResponse): Answer => ({
  description: "The client has it already.",
  headers: headersOf([
    ...always(operation, 304),
    ...Object.entries(headers).map(([name, header]) => headerOf(304, name, header))
  ])
})

/** What is answered without a problem. */
export const successAnswer = (
  operation: Answering,
  status: number,
  { content, headers = {} }: OpenApi.OpenApiSpecResponse
): Answer => {
  const { operationId } = operation
  const links = linksOf(operationId, status)
  return {
    description: status === 202 ? accepted : descriptions[`${operationId} ${status}`] ?? "",
    headers: headersOf([
      ...always(operation, status),
      ...Object.entries(headers).map(([name, header]) => headerOf(status, name, header))
    ]),
    ...(content === undefined ? {} : { content: contentOf(content) }),
    ...(links === undefined ? {} : { links })
  }
}
