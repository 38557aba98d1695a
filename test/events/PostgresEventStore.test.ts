import { assert, it } from "@effect/vitest"
import { Cause, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { newStream } from "../../src/events/Head.ts"
import { EventLogControls } from "../contract/EventLogControls.ts"
import { eventStoreContract } from "../contract/eventStore.ts"
import { append, load, put, written } from "../contract/eventStoreSteps.ts"
import * as PostgresLogControls from "../contract/PostgresLogControls.ts"
import { describeEngines } from "../engines/databases.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { commit, edited, posted } from "../support/encodedCommits.ts"
import { eventLog } from "../support/eventLog.ts"

const statementsOf = <E, R>(effect: Effect.Effect<unknown, E, R>) =>
  Effect.map(PostgresLogControls.sentBy(effect), (sent) => sent.map(([text]) => text.trim().split(/\s/)[0]))

describeEngines("PostgresEventStore", (engine) => {
  const layer = PostgresLogControls.layer.pipe(Layer.provideMerge(eventLog(engine, { maxConnections: 32 })))

  eventStoreContract(`PostgresEventStore on ${engine.name}`, layer)

  it.layer(layer, { excludeTestServices: true })((it) => {
    it.effect("appends by one statement", () =>
      Effect.gen(function*() {
        const { head } = yield* written([posted("a")])
        assert.deepStrictEqual(yield* statementsOf(append(head, edited("b"), edited("c"))), ["INSERT"])
      }))

    it.effect("loads by one statement, a short stream and a long one of large commits", () =>
      Effect.gen(function*() {
        const short = yield* written([posted("a")])
        assert.deepStrictEqual(yield* statementsOf(load(short.stream)), ["SELECT"])
        let head = short.head
        for (let n = 0; n < 20; n++) {
          head = yield* append(head, edited("l".repeat(2000)))
          assert.deepStrictEqual(yield* statementsOf(load(head.stream)), ["SELECT"])
        }
      }))

    it.effect("looks who has its place only where it conflicts", () =>
      Effect.gen(function*() {
        const { heads: [, early = assert.fail()] } = yield* written([posted("a")], [edited("b")])
        const conflict = Effect.flip(append(early, edited("late")))
        assert.deepStrictEqual(yield* statementsOf(conflict), ["INSERT", "SELECT"])
      }))

    it.effect("goes back for older commits, 4 at a time, only where there are no snapshots that it knows", () =>
      Effect.gen(function*() {
        const controls = yield* EventLogControls
        const stream = freshStream()
        const commits = Array.from(
          { length: 20 },
          (_, n) => commit(stream, n + 1, n === 0 ? posted("a") : edited(`${n}`))
        )
        yield* controls.plant(commits)
        assert.deepStrictEqual(yield* statementsOf(load(stream)), ["SELECT", "SELECT", "SELECT", "SELECT", "SELECT"])
      }))

    it.effect("refuses to append inside of another transaction, whose order in the log would be wrong", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const head = newStream(freshStream())
        const inside = sql.withTransaction(append(head, posted("a")))
        const cause = yield* Effect.flip(Effect.sandbox(inside))
        assert.match(Cause.pretty(cause), /an append is a transaction of its own/)
        assert.strictEqual((yield* load(head.stream)).version, 0)
      }))

    it.effect("refuses a commit that was recorded on another head", () =>
      Effect.gen(function*() {
        const { head, heads: [before] } = yield* written([posted("a")])
        const late = commitOn(head, [edited("b")])
        const elsewhere = commitOn(newStream(freshStream()), [posted("b")])
        for (const commit of [late, elsewhere]) {
          assert.match(Cause.pretty(yield* Effect.flip(Effect.sandbox(put(before, commit)))), /can't follow/)
        }
      }))
  })
})
