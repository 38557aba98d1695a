import { Effect, Schema } from "effect"
import { answerFailure, answerJson } from "../bare/answerJson.ts"
import { type BareDatabase, openBareDatabase } from "../bare/bareDatabase.ts"
import { bareLog } from "../bare/bareLog.ts"
import { startBareProjection } from "../bare/bareProjection.ts"
import { readText } from "../bare/readText.ts"
import { defineRow } from "../Row.ts"
import { withBenchClient } from "../subject/BenchClient.ts"
import { authorOf, usualText } from "../subject/drafts.ts"
import { edits, ownComments } from "../subject/ownComments.ts"

/** Comments of the same ids as the program has, so that the same requests fit. */
const fill = ({ run, sql }: BareDatabase, ids: ReadonlyArray<string>) =>
  run(Effect.forEach(
    ids,
    (stream, number) => {
      const by = authorOf(number)
      const data = { pictureId: `picture-${number % 64}`, authorId: by, text: usualText(number) }
      return bareLog(sql).insert({ stream, version: 1, type: "CommentPosted", by, at: Date.now(), data })
    },
    { discard: true }
  ))

/**
 * 16 people edit 1,024 comments of their own in turn, each time with another text of 58 characters; meanwhile the edits
 * are projected. Histories grow as long as the run lasts.
 *
 * The twin parses the JSON body and issues the statements that an edit causes, in the same order, through the same client,
 * on the same engine under a folder: the `SELECT` that loads the stream's head, the append's `INSERT` at the version after
 * it, and in the background those of the projector (see `startBareProjection`). It answers with the comment as JSON once
 * the `INSERT` is committed. What the `SELECT` brought is neither decoded nor folded: only the last version is looked at.
 * There is no token, no check of any value, no decision; a conflict would fail the row.
 */
export const row = defineRow({
  name: "edit",
  title: "edit",
  aim: 0.7,
  expectedStatus: 200,
  material: Schema.Struct({ tokens: Schema.Array(Schema.String), ids: Schema.Array(Schema.String) }),
  prepare: (subject) =>
    withBenchClient(subject, (client) =>
      Effect.gen(function*() {
        const own = yield* ownComments(client)
        yield* client.settled
        return own
      })),
  requests: edits,
  settle: (subject) => withBenchClient(subject, ({ settled }) => settled),
  twin: async ({ ids }, folder) => {
    const database = await openBareDatabase(folder)
    const log = bareLog(database.sql)
    const projection = startBareProjection(database)
    await fill(database, ids)
    projection.wake()
    await projection.settled()
    const edit = async (stream: string, text: string) => {
      const [head] = await database.run(log.load(stream))
      const [version, at] = [(head?.lastVersion ?? 0) + 1, Date.now()]
      const inserted = await database.run(
        log.insert({ stream, version, type: "CommentEdited", by: "author-00", at, data: { text } })
      )
      if (inserted.length !== 1) throw new Error(`Version ${version} of ${stream} is there already`)
      projection.wake()
      const editedAt = new Date(at).toISOString()
      return {
        id: stream,
        pictureId: "picture-00",
        authorId: "author-00",
        text,
        version,
        createdAt: editedAt,
        editedAt
      }
    }
    return {
      settled: projection.settled,
      listener: (request, response) => {
        const stream = request.url?.split("/")[2] ?? ""
        void readText(request)
          .then((text) => edit(stream, text))
          .then((comment) => answerJson(response, 200, comment))
          .catch(answerFailure(response))
      }
    }
  }
})
