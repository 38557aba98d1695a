import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DataDirectory } from "../../src/platform/DataDirectory.ts"

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "marginalia-test-data-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const opened = (directory: string) => Effect.provide(DataDirectory, DataDirectory.layer(directory))

const refused = (directory: string) => Effect.flip(opened(directory))

/** Another process that holds the directory; the effect that it gives kills it, and so does the scope's end. */
const heldByAnotherProcess = (directory: string) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly kill: Effect.Effect<void> }>((resume) => {
      const script = fileURLToPath(new URL("./holdDataDirectory.ts", import.meta.url))
      const child = spawn(process.execPath, [script, directory], { stdio: ["ignore", "pipe", "inherit"] })
      const kill = Effect.callback<void>((resume) => {
        if (child.signalCode !== null) return resume(Effect.void)
        child.once("exit", () => resume(Effect.void))
        child.kill("SIGKILL")
      })
      child.stdout.once("data", () => resume(Effect.succeed({ kill })))
    }),
    (child) => child.kill
  )

describe("A data directory", () => {
  it.effect("is created, with its parents, for its owner alone, and says how it is laid out", () =>
    Effect.gen(function*() {
      const directory = join(yield* temporaryFolder, "parent", "data")
      const paths = yield* opened(directory)
      assert.deepStrictEqual(paths, {
        postgres: join(directory, "postgres"),
        keys: Option.some(join(directory, "keys"))
      })
      assert.strictEqual(statSync(directory).mode & 0o777, 0o700)
      assert.deepStrictEqual(JSON.parse(readFileSync(join(directory, "marginalia.json"), "utf8")), { format: 1 })
    }))

  it.effect("can be opened again once it has been closed", () =>
    Effect.gen(function*() {
      const directory = join(yield* temporaryFolder, "data")
      assert.deepStrictEqual(yield* opened(directory), yield* opened(directory))
    }))

  it.effect("is nowhere when nothing is to be kept", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* opened("memory"), { postgres: "memory", keys: Option.none() })
    }))

  it.effect("is refused while this process holds it already", () =>
    Effect.gen(function*() {
      const directory = join(yield* temporaryFolder, "data")
      const error = yield* Effect.provide(refused(directory), DataDirectory.layer(directory))
      assert.strictEqual(error._tag, "DataDirectoryInUse")
    }))

  it.effect("is refused while another process holds it, by a sentence that names it, and is free once that is killed", () =>
    Effect.gen(function*() {
      const directory = join(yield* temporaryFolder, "data")
      const other = yield* heldByAnotherProcess(directory)
      const error = yield* refused(directory)
      assert.strictEqual(error._tag, "DataDirectoryInUse")
      assert.include(error.message, `The data directory ${directory} is in use`)
      yield* other.kill
      assert.strictEqual((yield* opened(directory)).postgres, join(directory, "postgres"))
    }))

  it.effect("is refused when a file is in its place, or in its parent's", () =>
    Effect.gen(function*() {
      const file = join(yield* temporaryFolder, "data")
      writeFileSync(file, "")
      for (const directory of [file, join(file, "below")]) {
        const error = yield* refused(directory)
        assert.strictEqual(error._tag, "DataDirectoryUnwritable")
        assert.include(error.message, `The data directory ${directory} can't be written to`)
      }
    }))

  it.effect("is refused when nothing can be written in it", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryFolder
      // A folder in the lock's place stops whoever runs the test, the superuser too.
      mkdirSync(join(directory, "lock"))
      const error = yield* refused(directory)
      assert.strictEqual(error._tag, "DataDirectoryUnwritable")
      assert.include(error.message, directory)
    }))

  it.effect("is refused when a newer version has written it, and left as it was", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryFolder
      writeFileSync(join(directory, "marginalia.json"), "{ \"format\": 2, \"more\": true }")
      const error = yield* refused(directory)
      assert.strictEqual(error._tag, "DataDirectoryTooNew")
      assert.include(error.message, `The data directory ${directory} was written by a newer version`)
      assert.strictEqual(readFileSync(join(directory, "marginalia.json"), "utf8"), "{ \"format\": 2, \"more\": true }")
    }))

  it.effect("is refused when its layout can't be told", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryFolder
      for (const text of ["", "{", "[]", "{ \"format\": \"1\" }", "{ \"format\": 0 }", "{ \"format\": 1.5 }"]) {
        writeFileSync(join(directory, "marginalia.json"), text)
        const error = yield* refused(directory)
        assert.strictEqual(error._tag, "DataDirectoryCorrupt", text)
        assert.include(error.message, join(directory, "marginalia.json"))
      }
    }))

  it.effect("is refused when its lock is something else", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryFolder
      writeFileSync(join(directory, "lock"), "not a lock".repeat(1000))
      const error = yield* refused(directory)
      assert.strictEqual(error._tag, "DataDirectoryCorrupt")
    }))
})
