import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { EventTail } from "../../src/events/EventTail.ts"
import { newStream } from "../../src/events/Head.ts"
import * as PostgresEventStore from "../../src/events/PostgresEventStore.ts"
import { renumber } from "../../src/events/renumber.ts"
import { append } from "../contract/eventStoreSteps.ts"
import { followToNow } from "../contract/eventTailSteps.ts"
import { describeEngines } from "../engines/databases.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { posted } from "../support/encodedCommits.ts"
import { emptyLog } from "../support/eventLog.ts"

/** A log as a dump brings it: 30 commits by transactions of a server that has come further, stored in no order. */
const restored = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const commits = Array.from({ length: 30 }, (_, n) => ({
    order: (n * 7) % 30,
    ...encodeCommit(commitOn(newStream(freshStream()), [posted(`${n}`)]))
  }))
  for (const { events, id, lastVersion, order, stream, version } of commits) {
    const transaction = `${5_000_000_000 + Math.floor(order / 2)}`
    yield* sql`
      INSERT INTO commits (stream, version, last_version, commit_id, transaction_id, position, events)
      OVERRIDING SYSTEM VALUE
      VALUES (${stream}, ${version}, ${lastVersion}, ${id}, ${transaction}::xid8, ${order + 1}, ${
      JSON.stringify(events)
    })`
  }
  return commits.toSorted((one, other) => one.order - other.order).map(({ stream }) => stream)
})

const withStore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(effect, PostgresEventStore.layer())

describeEngines("A log out of another server's dump", (engine) => {
  it.layer(emptyLog(engine), { excludeTestServices: true })((it) => {
    it.effect("is refused until it is renumbered, and is followed in its order then, before what is new", () =>
      Effect.gen(function*() {
        const streams = yield* restored
        const refusal = yield* Effect.flip(withStore(Effect.void))
        assert.strictEqual(refusal._tag, "LogNeedsRenumbering")
        assert.match(
          refusal.message,
          /^The event log ends with transaction 5000000014, but this server has only come to \d+: .* have to be renumbered .*\.$/
        )
        assert.strictEqual(yield* renumber(), 30)
        yield* withStore(Effect.gen(function*() {
          const { beginning } = yield* EventTail
          const { stream } = yield* append(newStream(freshStream()), posted("new"))
          const { commits } = yield* followToNow(beginning, 4)
          assert.deepStrictEqual(commits.slice(0, 31).map((commit) => commit.stream), [...streams, stream])
        }))
      }))

    it.effect("may be renumbered again: its order stays", () =>
      Effect.gen(function*() {
        const order = withStore(Effect.flatMap(EventTail, ({ beginning }) => followToNow(beginning, 1000))).pipe(
          Effect.map(({ commits }) => commits.slice(0, -1).map(({ id }) => id))
        )
        const before = yield* order
        yield* renumber()
        assert.deepStrictEqual((yield* order).slice(0, before.length), before)
      }))

    it.effect("leaves positions to be given by the database only", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* renumber()
        const [column] = yield* sql`
          SELECT identity_generation FROM information_schema.columns
          WHERE table_name = 'commits' AND column_name = 'position'`
        assert.deepStrictEqual(column, { identity_generation: "ALWAYS" })
      }))
  })
})
