import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { sqlState } from "../../../../src/platform/sqlState.ts"
import { Chance } from "../../kernel/Chance.ts"
import { type FaultKind, Faults } from "../../kernel/Faults.ts"
import { Journal } from "../../kernel/Journal.ts"
import { Process } from "../../kernel/Process.ts"
import { runSimulated } from "../../kernel/simulatedTime.ts"
import { SimulatedPostgres } from "./SimulatedPostgres.ts"

const id = "00000000-0000-7000-8000-000000000001"

const put = SqlClient.SqlClient.use((sql) => sql`INSERT INTO stream_positions (stream) VALUES (${id})`)
const raise = SqlClient.SqlClient.use((sql) => sql`UPDATE stream_positions SET version = version + 1`)
const within = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  SqlClient.SqlClient.use((sql) => sql.withTransaction(effect))

/** A server to which this always happens while it isn't calm. */
const serverWith = (...kinds: ReadonlyArray<FaultKind>) =>
  Clock.clockWith((clock) =>
    Effect.sync(() => {
      const chance = new Chance("faults of Postgres")
      const faults = new Faults(chance, new Set(kinds), 1000)
      const journal = new Journal(() => clock.currentTimeMillisUnsafe(), true)
      return { postgres: new SimulatedPostgres({ chance, faults, journal }), faults, journal }
    })
  )

const run = async <A, E>(effect: Effect.Effect<A, E>): Promise<A> => {
  const exit = await runSimulated(effect)
  return Exit.isSuccess(exit) ? exit.value : assert.fail(exit.cause.toString())
}

const states = Effect.fnUntraced(function*(kind: FaultKind) {
  const { faults, postgres } = yield* serverWith(kind)
  return yield* Effect.gen(function*() {
    const failure = yield* Effect.flip(within(put))
    const committed = postgres.rows().positions.length
    faults.calm()
    yield* raise
    assert.strictEqual(postgres.openTransactions() + postgres.heldLocks(), 0)
    return { reason: failure._tag === "SqlError" ? failure.reason._tag : "", committed, state: sqlState(failure) }
  }).pipe(Effect.provide(postgres.connect(new Process("projector"))))
})

describe("A simulated Postgres that is out of order", () => {
  it("loses a connection with all that is open on it", async () => {
    const { committed, reason } = await run(states("lost connection"))
    assert.deepStrictEqual({ committed, reason }, { committed: 0, reason: "ConnectionError" })
  })

  it("fails a commit of which nothing is left", async () => {
    assert.strictEqual((await run(states("failed commit"))).committed, 0)
  })

  it("commits, and gives no answer", async () => {
    const { committed, reason } = await run(states("unanswered commit"))
    assert.deepStrictEqual({ committed, reason }, { committed: 1, reason: "ConnectionError" })
  })

  it("refuses a statement, and keeps the connection", async () => {
    const { committed, state } = await run(states("refused statement"))
    assert.strictEqual(committed, 0)
    assert.include(["57014", "53200", "53300"], Option.getOrThrow(state))
  })
})

describe("A process that is killed", () => {
  it("leaves neither transactions nor locks, and hears nothing any more", async () => {
    const told = await run(
      Effect.gen(function*() {
        const { postgres } = yield* serverWith()
        const victim = new Process("victim")
        const heard: Array<string> = []
        const one = yield* Layer.build(postgres.connect(victim))
        const other = yield* Layer.build(postgres.connect(new Process("other")))
        yield* Effect.provideContext(put, other)
        yield* within(Effect.andThen(raise, Effect.never)).pipe(
          Effect.ensuring(Effect.sync(() => heard.push("ended"))),
          Effect.provideContext(one),
          // Nobody waits for its end: there is none.
          Effect.forkDetach
        )
        yield* Effect.sleep(100)
        const waiting = yield* Effect.forkChild(Effect.provideContext(raise, other))
        yield* Effect.sleep(100)
        assert.lengthOf(postgres.waiting(), 1)
        victim.kill()
        yield* Fiber.join(waiting)
        assert.deepStrictEqual(postgres.rows().positions, postgres.positionsReached.at(-1)?.positions)
        return { heard, version: postgres.rows().positions[0]?.version, open: postgres.openTransactions() }
      }).pipe(Effect.scoped)
    )
    assert.deepStrictEqual(told, { heard: [], version: 1, open: 0 })
  })
})

describe("A simulated Postgres", () => {
  it("dies of what it can't read, and says what that is", async () => {
    const exit = await runSimulated(Effect.gen(function*() {
      const { postgres } = yield* serverWith()
      return yield* SqlClient.SqlClient.use((sql) => sql`TRUNCATE comments`).pipe(
        Effect.provide(postgres.connect(new Process("p")))
      )
    }))
    assert(Exit.isFailure(exit))
    assert.match(exit.cause.toString(), /doesn't know this statement \(near "truncate comments"\): TRUNCATE comments/)
  })

  it("does the same again from the same seed", async () => {
    const steps = Effect.gen(function*() {
      const { journal, postgres } = yield* serverWith()
      const client = postgres.connect(new Process("p"))
      yield* Effect.provide(
        Effect.andThen(
          put,
          Effect.all(Array.from({ length: 12 }, () => Effect.result(within(raise))), { concurrency: "unbounded" })
        ),
        client
      )
      return [journal.steps, postgres.rows().positions]
    })
    assert.deepStrictEqual(await run(steps), await run(steps))
  })
})
