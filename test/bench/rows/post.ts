import { Effect, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { answerFailure, answerJson } from "../bare/answerJson.ts"
import { openBareDatabase } from "../bare/bareDatabase.ts"
import { bareLog } from "../bare/bareLog.ts"
import { startBareProjection } from "../bare/bareProjection.ts"
import { readText } from "../bare/readText.ts"
import { jsonRequest } from "../load/httpRequest.ts"
import { defineRow } from "../Row.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { authorOf, authors, usualText } from "../subject/drafts.ts"

const pictures = 1000

const pathOf = (number: number): string => `/pictures/picture-${number % pictures}/comments`

/**
 * 16 people post comments of 58 characters on 1,000 pictures in turn, without an idempotency key; meanwhile what they post
 * is projected.
 *
 * The twin parses the JSON body, makes an event and a snapshot of the usual size, and issues the statements that a post
 * causes, in the same order, through the same client, on the same engine under a folder: the append's `INSERT`, and in the
 * background those of the projector (see `startBareProjection`). It answers with the comment as JSON once the `INSERT` is
 * committed. There is no token, no check of any value, no schema, no decision, no cache to invalidate.
 */
export const row = defineRow({
  name: "post",
  title: "post",
  aim: 0.7,
  expectedStatus: 201,
  material: Schema.Struct({ tokens: Schema.Array(Schema.String) }),
  prepare: (subject) =>
    withBenchClient(
      subject,
      (client) => Effect.map(Effect.forEach(authors, client.token, { concurrency: 4 }), (tokens) => ({ tokens }))
    ),
  requests: ({ tokens }) => (number) =>
    jsonRequest("POST", pathOf(number), tokens[number % tokens.length] ?? "", { text: usualText(number) }),
  settle: (subject) => withBenchClient(subject, ({ settled }) => settled),
  twin: async (_, folder) => {
    const database = await openBareDatabase(folder)
    const log = bareLog(database.sql)
    const projection = startBareProjection(database)
    let posted = 0
    const post = async (picture: string, text: string) => {
      const by = authorOf(posted++)
      const [stream, at] = [randomUUID(), Date.now()]
      const data = { pictureId: picture, authorId: by, text }
      await database.run(log.insert({ stream, version: 1, type: "CommentPosted", by, at, data }))
      projection.wake()
      return {
        id: stream,
        ...data,
        version: 1,
        createdAt: new Date(at).toISOString(),
        editedAt: null
      }
    }
    return {
      settled: projection.settled,
      listener: (request, response) => {
        const picture = request.url?.split("/")[2] ?? ""
        void readText(request)
          .then((text) => post(picture, text))
          .then((comment) => answerJson(response, 201, comment))
          .catch(answerFailure(response))
      }
    }
  }
})
