import { ListTablesCommand } from "@aws-sdk/client-dynamodb"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { vi } from "vitest"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import { createTables } from "../../src/platform/dynamoTables.ts"
import { findDynamoDbLocal, startDynamoDbLocal } from "../../src/programs/stack/engines/dynamoDbLocal.ts"
import { startDynoxide } from "../../src/programs/stack/engines/dynoxide.ts"
import { listens, urlOfAbandoned } from "./abandoned.ts"
import { describeDynamo } from "./dynamo.ts"

const tablesAt = (endpoint: string) =>
  DynamoDb.use(({ client }) => Effect.promise(() => client.send(new ListTablesCommand({})))).pipe(
    Effect.map(({ TableNames = [] }) => TableNames),
    Effect.provide(DynamoDb.layer({ endpoint, region: "eu-central-1" }))
  )

const starters = { "DynamoDB Local": startDynamoDbLocal, dynoxide: startDynoxide }

describeDynamo("An engine of its own", (engine) => {
  const start = starters[engine.name]

  it.live("keeps its tables in a folder, if it is given one, and ends with its scope", () =>
    Effect.gen(function*() {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-dynamo-"))),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
      )
      const names = { events: "kept-events", inbox: "kept-inbox" }
      const first = yield* Effect.scoped(
        Effect.tap(start({ folder }), (endpoint) =>
          Effect.provide(createTables(names), DynamoDb.layer({ endpoint, region: "eu-central-1" })))
      )
      assert.isFalse(yield* listens(first))
      const tables = yield* Effect.scoped(Effect.flatMap(start({ folder }), tablesAt))
      assert.sameMembers(tables, [names.events, names.inbox])
    }), { timeout: 60_000 })
})

describe("An engine", () => {
  it.effect("ends with the process that started it, however that ends", () =>
    Effect.gen(function*() {
      const url = yield* urlOfAbandoned("./runDynoxide.ts")
      const listening = yield* Effect.repeat(listens(url), { until: (listening) => !listening })
      assert.isFalse(listening)
    }))

  it.effect("that lacks its Java says so, and what to do", () =>
    Effect.gen(function*() {
      yield* Effect.acquireRelease(
        Effect.sync(() => vi.stubEnv("PATH", "/nowhere")),
        () => Effect.sync(() => vi.unstubAllEnvs())
      )
      const error = yield* Effect.flip(findDynamoDbLocal)
      assert.strictEqual(
        error.message,
        `There is no DynamoDB Local: it needs Java 17 or later as "java" on the PATH. Install a JRE, or use dynoxide.`
      )
    }))
})
