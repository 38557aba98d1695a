import { Effect, Schema } from "effect"
import { answerFailure, answerJson } from "../bare/answerJson.ts"
import { openBareTable } from "../bare/bareTable.ts"
import { readText } from "../bare/readText.ts"
import { defineRow } from "../Row.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { edits, ownComments } from "../subject/ownComments.ts"

/**
 * 16 people edit 1,024 comments of their own in turn, each time with another text of 58 characters, at the command service
 * itself. Its table is dynoxide's, and histories grow as long as the run lasts.
 *
 * The twin edits as many streams of its own: it parses the JSON body and issues the same Query and PutItem with the same SDK,
 * options and engine. Of what the Query brings it looks at the last version only. It answers with the comment as JSON.
 * There is no token, no check of any value, no schema, no decision; a conflict would fail the row.
 */
export const row = defineRow({
  name: "stack-edit",
  title: "stack: edit",
  aim: 0.8,
  expectedStatus: 200,
  material: Schema.Struct({
    tokens: Schema.Array(Schema.String),
    ids: Schema.Array(Schema.String),
    dynamo: Schema.String
  }),
  start: ({ pinning }) =>
    Effect.flatMap(
      Effect.promise(() => import("../stack/commandSide.ts")),
      ({ startCommandService }) => startCommandService(pinning)
    ),
  prepare: (subject) =>
    withBenchClient(subject, (client) =>
      Effect.gen(function*() {
        const own = yield* ownComments(client)
        return { ...own, dynamo: subject.engines?.["dynamo"] ?? "" }
      })),
  requests: edits,
  twin: ({ dynamo }) => {
    const table = openBareTable(dynamo)
    // Streams of its own, of the same form: what it writes, the service couldn't take as its own.
    const edit = async (id: string, text: string) => {
      const stream = `f${id.slice(1)}`
      const [version, at] = [(await table.load(stream)) + 1, Date.now()]
      await table.put({ stream, version, type: "CommentEdited", by: "author-00", at, data: { text } })
      const editedAt = new Date(at).toISOString()
      return {
        id,
        pictureId: "picture-00",
        authorId: "author-00",
        text,
        version,
        createdAt: editedAt,
        editedAt
      }
    }
    return Promise.resolve({
      listener: (request, response) => {
        const id = request.url?.split("/")[2] ?? ""
        void readText(request)
          .then((text) => edit(id, text))
          .then((comment) => answerJson(response, 200, comment))
          .catch(answerFailure(response))
      }
    })
  }
})
