import { assert } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import type { Difference } from "../../src/projections/Difference.ts"
import { describeDifference } from "../../src/projections/Difference.ts"
import { Verify } from "../../src/projections/Verify.ts"
import { deleted, edited, harbour, history, posted, stream } from "../support/encodedCommits.ts"
import { project } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel } from "../support/readModel.ts"
import type { VerifyIt } from "./projectionSteps.ts"

const log = [
  ...history(stream(1), [posted("one")], [edited("two")], [deleted]),
  ...history(stream(2), [posted("other", harbour)]),
  ...history(stream(3), [posted("third"), edited("third, again")], [edited("third, at last")])
]

const differences = Effect.gen(function*() {
  const { run } = yield* Verify
  const progress = yield* Stream.runCollect(run)
  return progress.flatMap(({ differences }) => differences)
})

/** An empty read model, a log, and what of it was projected. */
const given = Effect.fnUntraced(function*(projected: typeof log) {
  yield* emptyReadModel
  yield* RawLog.write(log)
  yield* project(projected)
})

const spoil = (statement: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(statement))

const tags = (found: ReadonlyArray<Difference>) => found.map(describeDifference).toSorted()

/** What a comparison of the read model with the log finds. */
export const verifying = (it: VerifyIt): void => {
  it.effect("finds nothing in a read model that has all of the log, and tells how much it compared", () =>
    Effect.gen(function*() {
      yield* given(log)
      const { run } = yield* Verify
      const progress = yield* Stream.runCollect(run)
      assert.deepStrictEqual(progress.at(-1), { commits: 6, streams: 3, differences: [] })
    }))

  it.effect("finds streams that are behind, also those that the read model has never heard of", () =>
    Effect.gen(function*() {
      yield* given(log.slice(0, 2))
      assert.sameDeepMembers(yield* differences, [
        { _tag: "Behind", stream: stream(1), head: 3, position: 2 },
        { _tag: "Behind", stream: stream(2), head: 1, position: 0 },
        { _tag: "Behind", stream: stream(3), head: 3, position: 0 }
      ])
    }))

  it.effect("finds streams that are ahead of the log, and those that it doesn't have", () =>
    Effect.gen(function*() {
      yield* given([...log, ...history(stream(4), [posted("unlogged")])])
      yield* spoil(`UPDATE stream_positions SET version = 2 WHERE stream = '${stream(2)}'`)
      assert.sameDeepMembers(yield* differences, [
        { _tag: "Ahead", stream: stream(2), head: 1, position: 2 },
        { _tag: "Unlogged", streams: 1 }
      ])
    }))

  it.effect("finds parked streams", () =>
    Effect.gen(function*() {
      const strange = log.map((commit, index) => index === 5 ? { ...commit, events: [{ what: "?" }] } : commit)
      yield* emptyReadModel
      yield* RawLog.write(strange)
      yield* project(strange)
      assert.deepStrictEqual(yield* differences, [
        { _tag: "Parked", stream: stream(3), head: 3, position: 2 }
      ])
    }))

  it.effect.each(
    [
      ["text", `UPDATE comments SET text = 'spoilt' WHERE id = '${stream(2)}'`, stream(2), 1],
      ["version", `UPDATE comments SET version = 7 WHERE id = '${stream(2)}'`, stream(2), 1],
      ["deletion", `UPDATE comments SET text = 'back', deleted_at = NULL WHERE id = '${stream(1)}'`, stream(1), 3],
      ["history", `DELETE FROM comment_history WHERE comment_id = '${stream(3)}' AND version = 2`, stream(3), 3],
      ["comment is missing", `DELETE FROM comments WHERE id = '${stream(2)}'`, stream(2), 1]
    ] as const
  )("finds rows that aren't as the head has them: %s", ([wrong, statement, spoilt, head]) =>
    Effect.gen(function*() {
      yield* given(log)
      yield* spoil(statement)
      const found = yield* differences
      assert.deepInclude(found, { _tag: "WrongRows", stream: spoilt, head, wrong })
      assert.lengthOf(found.filter(({ _tag }) => _tag === "WrongRows"), 1)
    }))

  it.effect("finds counts that aren't the number of comments, and counts that are missing", () =>
    Effect.gen(function*() {
      yield* given(log)
      yield* spoil(`UPDATE picture_counts SET count = count + 5 WHERE picture_id = '${harbour}'`)
      yield* spoil("DELETE FROM author_counts")
      const found = yield* differences
      assert.deepInclude(found, { _tag: "WrongCount", of: "picture", id: harbour, count: 6, comments: 1 })
      assert.isTrue(found.some((one) => one._tag === "WrongCount" && one.of === "author" && one.count === 0))
      assert.isEmpty(found.filter(({ _tag }) => _tag !== "WrongCount"))
      assert.match(tags(found).join("\n"), /picture ".*" counts 6, and has 1 comments/)
    }))
}
