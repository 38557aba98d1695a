import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { resourceHandler } from "../../../src/programs/migration/resourceHandler.ts"
import { serveStack } from "../lambda/resourceStack.ts"

const hash = "0".repeat(64)

/** The reason that is told when the work fails with an error. */
const reasonFor = Effect.fnUntraced(function*(error: Error) {
  const stack = yield* serveStack()
  const handle = resourceHandler({
    provide: () => Effect.fail(error),
    // Made, but not written.
    logging: Logger.layer([Logger.map(Logger.formatJson, () => undefined)])
  })
  const context = { awsRequestId: "one", getRemainingTimeInMillis: () => 60_000 }
  yield* Effect.promise(() => handle(stack.request("Create", { MigrationsHash: hash }), context))
  const { Reason, Status } = yield* stack.answer
  assert.strictEqual(Status, "FAILED")
  return Reason
})

describe("A custom resource", () => {
  it.live("tells what an error says, and what those say that it comes from, each sentence once", () =>
    Effect.gen(function*() {
      const root = new Error("no such table", { cause: "42P01" })
      const error = new Error("it failed", { cause: new Error("it failed", { cause: root }) })
      assert.strictEqual(yield* reasonFor(error), "it failed: no such table: 42P01")
    }))

  it.live("answers also when an error comes from itself", () =>
    Effect.gen(function*() {
      const error = new Error("it failed")
      error.cause = error
      assert.strictEqual(yield* reasonFor(error), "it failed")
      error.cause = new Error("of another", { cause: error })
      assert.strictEqual(yield* reasonFor(error), "it failed: of another")
    }))
})
