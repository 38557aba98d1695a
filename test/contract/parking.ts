import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { commit, deleted, edited, history, posted, stream, sunset } from "../support/encodedCommits.ts"
import { project } from "../support/projection.ts"
import { RawLog } from "../support/RawLog.ts"
import { emptyReadModel, foldReadModel, readModel } from "../support/readModel.ts"
import type { It } from "./projectionSteps.ts"

const marks = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  sql`
    SELECT stream, version, parked_version AS parked, parked_cause AS cause, parked_payload AS payload
    FROM stream_positions WHERE parked_at IS NOT NULL ORDER BY stream`)

/** The same commit, with its events as nobody ever wrote them. */
const damaged = (commit: EncodedCommit, events: ReadonlyArray<unknown>): EncodedCommit => ({ ...commit, events })

/** Changes the only event of a commit. */
const tampered = (commit: EncodedCommit, change: (event: object) => object): EncodedCommit =>
  damaged(commit, commit.events.map((event) => typeof event === "object" && event !== null ? change(event) : event))

export const secret = "what nobody else should read"
const others = [...history(stream(8), [posted("eight")], [edited("8")]), ...history(stream(9), [posted("nine")])]

/** Checks what is left visible of `log` when `poison` comes with other streams and something that follows it, and gives the kept payload. */
export const parksOnly = Effect.fnUntraced(function*(
  before: ReadonlyArray<EncodedCommit>,
  poison: EncodedCommit,
  cause: RegExp
) {
  yield* emptyReadModel
  yield* RawLog.write([...before, poison, ...others])
  yield* project(before)
  const { applied, parked } = yield* project([poison, ...others])
  assert.strictEqual(applied, 3)
  assert.deepStrictEqual(parked.map(({ stream, version }) => ({ stream, version })), [
    { stream: poison.stream, version: poison.version }
  ])
  assert.deepStrictEqual(yield* readModel, foldReadModel([...before, ...others]))
  const [mark, ...rest] = yield* marks
  assert.deepStrictEqual(rest, [])
  assert.deepInclude(mark, { stream: poison.stream, version: poison.version - 1, parked: poison.version })
  assert.match(String(mark?.["cause"]), cause)
  assert.notInclude(String(mark?.["cause"]), secret)
  return mark?.["payload"]
})

/** What becomes of events that can't be projected. */
export const parking = (it: It): void => {
  it.effect("parks its own stream, keeps it as it lies in the log, and lets all others go on", () =>
    Effect.gen(function*() {
      const [first, second] = history(stream(1), [posted("one")], [edited(secret)])
      assert(first !== undefined && second !== undefined)
      const poison = tampered(second, (event) => ({ ...event, schema: 99 }))
      const payload = yield* parksOnly([first], poison, /CommentEdited has schema 99/)
      assert.deepStrictEqual(payload, JSON.parse(JSON.stringify(poison)))
    }))

  it.effect("is any event that can't be decoded", () =>
    Effect.gen(function*() {
      const [first, second] = history(stream(1), [posted("one")], [edited(secret)])
      assert(first !== undefined && second !== undefined)
      yield* parksOnly([first], damaged(second, [secret]), /./)
      yield* parksOnly([first], damaged(second, []), /./)
      yield* parksOnly([first], damaged(second, [null]), /./)
      yield* parksOnly([first], tampered(second, (event) => ({ ...event, data: { text: [secret] } })), /./)
      yield* parksOnly([first], tampered(second, (event) => ({ ...event, type: "CommentLiked" })), /CommentLiked/)
    }))

  it.effect("is kept even where jsonb can't hold what is in it", () =>
    Effect.gen(function*() {
      const poison = damaged(commit(stream(1), 1, posted("one")), ["a\u0000b \uD800"])
      const payload = yield* parksOnly([], poison, /./)
      assert.deepStrictEqual(JSON.parse(String(payload)), JSON.parse(JSON.stringify(poison)))
    }))

  it.effect("is one over which the program stumbles", () =>
    Effect.gen(function*() {
      const [first, second] = history(stream(1), [posted("one")], [edited(secret)])
      assert(first !== undefined && second !== undefined)
      const stumble = () => {
        throw new TypeError(secret)
      }
      const poison = damaged(second, Object.defineProperty([null], 0, { get: stumble }))
      assert.isNull(yield* parksOnly([first], poison, /^defect TypeError$/))
    }))

  it.effect("is one whose value its column can't hold", () =>
    Effect.gen(function*() {
      const [first, second] = history(stream(1), [posted("one")], [edited(secret)])
      assert(first !== undefined && second !== undefined)
      const bygone = tampered(second, (event) => ({ ...event, at: -9_000_000_000_000_000 }))
      yield* parksOnly([first], bygone, /^SQLSTATE 22008$/)
    }))

  it.effect("is one that follows a deletion, in the same batch or in an earlier one", () =>
    Effect.gen(function*() {
      const before = history(stream(1), [posted("one")], [deleted])
      yield* parksOnly(before, commit(stream(1), 3, edited(secret)), /follows a deletion/)
      yield* parksOnly(before, commit(stream(1), 3, deleted), /follows a deletion/)
      yield* emptyReadModel
      const { parked } = yield* project([...before, commit(stream(1), 3, edited(secret))])
      assert.deepStrictEqual(parked.map(({ version }) => version), [3])
      assert.deepStrictEqual((yield* readModel).pictures, { [sunset]: 0 })
    }))

  it.effect("is one that can't stand where it stands", () =>
    Effect.gen(function*() {
      yield* parksOnly([], commit(stream(1), 1, edited(secret)), /CommentEdited can't be version 1/)
      yield* parksOnly(
        history(stream(1), [posted("one")]),
        commit(stream(1), 2, posted(secret)),
        /can't be version 2/
      )
    }))

  it.effect("stops its stream there: what came before it is visible, what comes after it waits", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const log = history(stream(1), [posted("one")], [edited("two")], [edited("three")], [edited("four")])
      const [first, second, third, fourth] = log
      assert(first !== undefined && second !== undefined && third !== undefined && fourth !== undefined)
      const poison = damaged(third, [{}])
      assert.deepInclude(yield* project([fourth, poison, second, first]), { applied: 2 })
      const before = yield* readModel
      assert.deepStrictEqual(before, foldReadModel([first, second]))
      assert.deepInclude(yield* project([poison, fourth]), { applied: 0, skipped: 2, parked: [], pictures: [sunset] })
      assert.deepStrictEqual(yield* readModel, before)
    }))

  it.effect("can also be one that the log has lost", () =>
    Effect.gen(function*() {
      yield* emptyReadModel
      const [first, , third] = history(stream(1), [posted("one")], [edited("two")], [edited("three")])
      assert(first !== undefined && third !== undefined)
      yield* RawLog.write([first, third])
      assert.deepInclude(yield* project([third]), {
        applied: 1,
        healed: 0,
        parked: [{ stream: stream(1), version: 2, cause: "the log has no version 2" }]
      })
    }))
}
