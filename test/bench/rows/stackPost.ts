import { Effect, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { answerFailure, answerJson } from "../bare/answerJson.ts"
import { openBareTable } from "../bare/bareTable.ts"
import { readText } from "../bare/readText.ts"
import { jsonRequest } from "../load/httpRequest.ts"
import { defineRow } from "../Row.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { authorOf, authors, usualText } from "../subject/drafts.ts"

const pictures = 1000

/**
 * 16 people post comments of 58 characters on 1,000 pictures in turn, without an idempotency key, at the command service
 * itself. Its table is dynoxide's.
 *
 * The twin parses the JSON body, makes an item of the usual size, and issues the same PutItem with the same SDK, options
 * and engine. It answers with the comment as JSON. There is no token, no check of any value, no schema, no decision.
 */
export const row = defineRow({
  name: "stack-post",
  title: "stack: post",
  aim: 0.8,
  expectedStatus: 201,
  material: Schema.Struct({ tokens: Schema.Array(Schema.String), dynamo: Schema.String }),
  start: ({ pinning }) =>
    Effect.flatMap(
      Effect.promise(() => import("../stack/commandSide.ts")),
      ({ startCommandService }) => startCommandService(pinning)
    ),
  prepare: (subject) =>
    withBenchClient(
      subject,
      (client) =>
        Effect.map(Effect.forEach(authors, client.token, { concurrency: 4 }), (tokens) => ({
          tokens,
          dynamo: subject.engines?.["dynamo"] ?? ""
        }))
    ),
  requests: ({ tokens }) => (number) =>
    jsonRequest(
      "POST",
      `/pictures/picture-${number % pictures}/comments`,
      tokens[number % tokens.length] ?? "",
      { text: usualText(number) }
    ),
  twin: ({ dynamo }) => {
    const table = openBareTable(dynamo)
    let posted = 0
    const post = async (pictureId: string, text: string) => {
      const authorId = authorOf(posted++)
      const [stream, at] = [randomUUID(), Date.now()]
      const data = { pictureId, authorId, text }
      await table.put({ stream, version: 1, type: "CommentPosted", by: authorId, at, data })
      return { id: stream, ...data, version: 1, createdAt: new Date(at).toISOString(), editedAt: null }
    }
    return Promise.resolve({
      listener: (request, response) => {
        const picture = request.url?.split("/")[2] ?? ""
        void readText(request)
          .then((text) => post(picture, text))
          .then((comment) => answerJson(response, 201, comment))
          .catch(answerFailure(response))
      }
    })
  }
})
