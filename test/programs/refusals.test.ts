import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { eventLogMigrations, eventLogMigrationsTable } from "../../src/events/migrations.ts"
import * as EmbeddedPostgresClient from "../../src/platform/EmbeddedPostgresClient.ts"
import { migrate } from "../../src/platform/migrate.ts"
import { readModelMigrations } from "../../src/queries/migrations.ts"
import { assertRefused } from "./assertRefused.ts"
import { makeDataDirectory, makeFolder } from "./dataDirectory.ts"
import { patience, run, startStandalone } from "./program.ts"
import { takenPort } from "./takenPort.ts"

const standalone = (settings: Readonly<Record<string, string>>) =>
  run("standalone.ts", { PORT: "0", LOG_LEVEL: "warn", ...settings })

describe("The standalone program refuses to start, with a sentence and 1", () => {
  it.live("with a setting that can't be used", () =>
    Effect.gen(function*() {
      assertRefused(yield* standalone({ PORT: "eighty" }), /^PORT must be a port number/)
    }), patience)

  it.live("on a port that is in use", () =>
    Effect.gen(function*() {
      const directory = yield* makeDataDirectory
      assertRefused(yield* standalone({ DATA_DIR: directory, PORT: yield* takenPort }), /port is in use.*Set PORT/)
    }), patience)

  it.live("on a data directory that is in use", () =>
    Effect.gen(function*() {
      const directory = yield* makeDataDirectory
      yield* startStandalone({ DATA_DIR: directory })
      assertRefused(yield* standalone({ DATA_DIR: directory }), new RegExp(`${directory} is in use by another program`))
    }), patience)

  it.live("on a data directory that can't be made", () =>
    Effect.gen(function*() {
      const file = join(yield* makeFolder, "file")
      writeFileSync(file, "not a folder")
      assertRefused(yield* standalone({ DATA_DIR: join(file, "data") }), /can't be written to/)
    }), patience)

  it.live("on a data directory of a newer version, and leaves it as it was", () =>
    Effect.gen(function*() {
      const directory = yield* makeFolder
      writeFileSync(join(directory, "marginalia.json"), "{\"format\":2}\n")
      assertRefused(yield* standalone({ DATA_DIR: directory }), /was written by a newer version/)
      assert.isFalse(existsSync(join(directory, "postgres")))
    }), patience)

  it.live("on a database that a newer version has migrated", () =>
    Effect.gen(function*() {
      const directory = yield* makeDataDirectory
      yield* Effect.gen(function*() {
        yield* migrate({ table: eventLogMigrationsTable, migrations: eventLogMigrations })
        yield* migrate({
          table: "read_model_migrations",
          migrations: { ...readModelMigrations, "0099_later": Effect.void }
        })
      }).pipe(Effect.provide(EmbeddedPostgresClient.layer({ directory: join(directory, "postgres") })))
      assertRefused(yield* standalone({ DATA_DIR: directory }), /migration 99.*start the newer version/)
    }), patience)
})
