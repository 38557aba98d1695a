import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient, Statement } from "effect/sql"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { describePostgres } from "../engines/databases.ts"
import { commit, deleted, edited, harbour, posted, stream } from "../support/encodedCommits.ts"
import { project, projectorOn } from "../support/projection.ts"

/** What a statement was, and with which parameters it went to the server. */
type Sent = readonly [text: string, parameters: ReadonlyArray<unknown>]

/** The statements that an effect sends, but for those that begin and end transactions. */
const sentBy = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const sent: Array<Sent> = []
  yield* Effect.provideService(effect, Statement.CurrentTransformer, (statement) =>
    Effect.sync(() => {
      sent.push(statement.compile())
      return statement
    }))
  return sent
})

const explained = Effect.fnUntraced(function*([text, parameters]: Sent) {
  const sql = yield* SqlClient.SqlClient
  const lines = yield* sql.unsafe<{ readonly "QUERY PLAN": string }>(`EXPLAIN ${text}`, parameters)
  return lines.map((line) => line["QUERY PLAN"]).join("\n")
})

/** A read model of many comments, so that reading a whole table would cost more than going by keys. */
const fill = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const ids =
    sql`SELECT ('0199a8f0-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id, n FROM generate_series(1, 30000) AS n`
  yield* sql`
    INSERT INTO comments (id, picture_id, author_id, text, version, created_at)
    SELECT id, 'picture-' || n, 'author-' || n, 'a comment', 1, now() FROM (${ids}) AS ids`
  yield* sql`
    INSERT INTO comment_history (comment_id, version, type, at, text)
    SELECT id, 1, 'CommentPosted', now(), 'a comment' FROM (${ids}) AS ids`
  yield* sql`
    INSERT INTO stream_positions (stream, version, picture_id, author_id)
    SELECT id, 1, 'picture-' || n, 'author-' || n FROM (${ids}) AS ids`
  yield* sql`INSERT INTO picture_counts SELECT 'picture-' || n, 1 FROM generate_series(1, 30000) AS n`
  yield* sql`INSERT INTO author_counts SELECT 'author-' || n, 1 FROM generate_series(1, 30000) AS n`
  yield* sql`ANALYZE`
})

const batch: ReadonlyArray<EncodedCommit> = [
  ...Array.from({ length: 20 }, (_, n) => commit(stream(n + 1), 2, edited("two"))),
  ...Array.from({ length: 20 }, (_, n) => commit(stream(n + 101), 2, deleted)),
  ...Array.from({ length: 20 }, (_, n) => commit(stream(n + 100_001), 1, posted("one")))
]

describePostgres("The projector's statements", (engine) => {
  it.layer(projectorOn(engine))((it) => {
    it.effect("are as many for a large batch as for a small one", () =>
      Effect.gen(function*() {
        yield* project([commit(stream(500_001), 1, posted("one"))])
        const post = yield* sentBy(project([commit(stream(500_002), 1, posted("one"))]))
        // Positions read and inserted, counters, rows.
        assert.lengthOf(post, 4)
        assert.lengthOf(yield* sentBy(project([commit(stream(500_001), 2, edited("two"))])), 3)
        const posts = Array.from({ length: 300 }, (_, n) => commit(stream(600_000 + n), 1, posted("one", harbour)))
        assert.deepStrictEqual((yield* sentBy(project(posts))).map(([text]) => text), post.map(([text]) => text))
        assert.lengthOf(yield* sentBy(project(posts)), 1)
      }))

    it.effect("go by keys", () =>
      Effect.gen(function*() {
        yield* fill
        const broken = { ...commit(stream(201), 2, edited("two")), events: [{}] }
        const sent = yield* sentBy(project([...batch, broken]))
        assert.lengthOf(sent, 8)
        const plans = yield* Effect.forEach(sent, explained)
        assert.deepStrictEqual(plans.filter((plan) => plan.includes("Seq Scan")), [])
      }))
  })
})
