import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { SqlError } from "effect/sql"
import type { EventStoreUnavailable } from "../../../src/events/EventStore.ts"
import { asStoreOperation } from "../../../src/events/internal/postgresFailure.ts"

type Operation = EventStoreUnavailable["operation"]

/** An error as the server sends it. Which reason the client sorts it into doesn't matter where there is a state. */
const refusal = (code: string) =>
  new SqlError.SqlError({
    reason: new SqlError.UnknownError({
      cause: Object.assign(new Error(code), { code, severity: "ERROR" }),
      operation: "query"
    })
  })

const lost = (operation: "connect" | "query") =>
  new SqlError.SqlError({ reason: new SqlError.ConnectionError({ cause: new Error("Connection closed"), operation }) })

const outcomeOf = (error: SqlError.SqlError, operation: Operation = "append") =>
  Effect.fail(error).pipe(
    asStoreOperation(operation, "1 second"),
    Effect.exit,
    Effect.map(Exit.match({
      onSuccess: () => "success",
      onFailure: (cause) => (Cause.hasDies(cause) ? "a defect" : Object(Cause.squash(cause)).outcome)
    }))
  )

describe("of a failed append", () => {
  it.effect.each(["25006", "28P01", "3D000", "40001", "40P01", "53100", "53300", "55P03", "57014", "57P03"])(
    "it is known that nothing happened: %s",
    (code) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* outcomeOf(refusal(code)), "nothing")
      })
  )

  it.effect.each(["08006", "57P01", "57P02", "58030", "XX000"])(
    "nobody knows what happened: %s",
    (code) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* outcomeOf(refusal(code)), "unknown")
      })
  )

  it.effect.each(["22P02", "22P05", "23502", "23514", "25P02", "42601", "42P01", "42501", "P0001"])(
    "the program is to blame: %s",
    (code) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* outcomeOf(refusal(code)), "a defect")
        assert.strictEqual(yield* outcomeOf(refusal(code), "load"), "a defect")
      })
  )

  it.effect("it is known that nothing happened without a connection, and unknown what did when it was lost", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* outcomeOf(lost("connect")), "nothing")
      assert.strictEqual(yield* outcomeOf(lost("query")), "unknown")
    }))
})

describe("a failed read", () => {
  it.effect.each<Operation>(["load", "readStream", "readAll", "tail"])(
    "never did anything: %s",
    (operation) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* outcomeOf(lost("query"), operation), "nothing")
        assert.strictEqual(yield* outcomeOf(refusal("57P01"), operation), "nothing")
      })
  )
})
