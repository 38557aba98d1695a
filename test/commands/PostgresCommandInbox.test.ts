import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { keptFor } from "../../src/commands/CommandInbox.ts"
import { Timestamp } from "../../src/domain/ids.ts"
import { newStream } from "../../src/events/Head.ts"
import { commandInboxContract } from "../contract/commandInbox.ts"
import { accept, accepted, appendAndSettle, commitFor } from "../contract/commandInboxSteps.ts"
import { sentBy } from "../contract/PostgresLogControls.ts"
import { describeEngines } from "../engines/databases.ts"
import { acceptedAt, entryOf, freshPost } from "../support/inboxEntries.ts"
import { inboxOn } from "../support/inboxOn.ts"

describeEngines("PostgresCommandInbox", (engine) => {
  const layer = inboxOn(engine, { maxConnections: 32 })

  commandInboxContract(`PostgresCommandInbox on ${engine.name}`, layer)

  it.layer(layer, { excludeTestServices: true })((it) => {
    it.effect("writes the commit first in its transaction, as the order of the log needs it", () =>
      Effect.gen(function*() {
        const post = yield* accepted(freshPost())
        const head = newStream(post.commentId)
        const sent = yield* sentBy(appendAndSettle(head, commitFor(head, post), post.commandId))
        const statements = sent.map(([text]) => text.trim().split(/\s+/).slice(0, 3).join(" "))
        assert.deepStrictEqual(statements, ["INSERT INTO commits", "UPDATE command_inbox SET"])
      }))

    it.effect("keeps an entry for a week", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const { commandId } = yield* accepted(freshPost())
        const [row] = yield* sql`
          SELECT (EXTRACT(EPOCH FROM expires_at) * 1000)::float8 AS expiry FROM command_inbox WHERE id = ${commandId}`
        assert.deepStrictEqual(row, { expiry: acceptedAt + 7 * 24 * 60 * 60 * 1000 })
      }))
  })

  it.effect("forgets what is older than that", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* accept(entryOf(freshPost(), Timestamp.make(acceptedAt - keptFor - 1000)))
      const { commandId } = yield* accepted(freshPost())
      const look = Effect.andThen(TestClock.adjust("1 minute"), sql`SELECT id FROM command_inbox`)
      const left = yield* Effect.repeat(look, { until: (rows) => rows.length < 2 })
      assert.deepStrictEqual(left, [{ id: commandId }])
    }).pipe(Effect.provide(inboxOn(engine))))
})
