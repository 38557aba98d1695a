import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as PlatformError from "effect/PlatformError"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { join, resolve } from "node:path"
import {
  DataDirectoryCorrupt,
  type DataDirectoryInUse,
  DataDirectoryTooNew,
  DataDirectoryUnwritable
} from "./dataDirectoryErrors.ts"
import { lockFile } from "./lockFile.ts"

/** The layout that this version of the program reads and writes. A later one that differs gets the next number. */
const currentFormat = 1

const FormatFile = Schema.fromJsonString(Schema.Struct({ format: Schema.Int.check(Schema.isGreaterThan(0)) }))

/** Why there is no data directory; the message of each is a sentence for whoever runs the program. */
export type DataDirectoryError =
  | DataDirectoryInUse
  | DataDirectoryUnwritable
  | DataDirectoryTooNew
  | DataDirectoryCorrupt

/** Nobody else needs to read what lies there: the directory is its owner's alone. */
const create = Effect.fnUntraced(function*(directory: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const unwritable = (error: PlatformError.PlatformError) =>
    new DataDirectoryUnwritable({ directory, why: error.message })
  yield* Effect.mapError(fileSystem.makeDirectory(directory, { recursive: true, mode: 0o700 }), unwritable)
  const { type } = yield* Effect.mapError(fileSystem.stat(directory), unwritable)
  if (type !== "Directory") {
    return yield* new DataDirectoryUnwritable({ directory, why: "there is something else in its place" })
  }
})

const readFormat = Effect.fnUntraced(function*(directory: string, file: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const corrupt = (why: string) => new DataDirectoryCorrupt({ directory, why: `${file} ${why}` })
  const text = yield* Effect.mapError(
    fileSystem.readFileString(file),
    (error) => corrupt(`can't be read (${error.message})`)
  )
  const { format } = yield* Effect.mapError(
    Schema.decodeEffect(FormatFile)(text),
    () => corrupt("isn't what this program writes there")
  )
  if (format > currentFormat) return yield* new DataDirectoryTooNew({ directory, format, newest: currentFormat })
})

// Written beside its place and moved there, so that a program that is killed meanwhile leaves no half of it.
const writeFormat = Effect.fnUntraced(function*(directory: string, file: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const text = yield* Effect.orDie(Schema.encodeEffect(FormatFile)({ format: currentFormat }))
  yield* fileSystem.writeFileString(`${file}.new`, `${text}\n`, { mode: 0o600 }).pipe(
    Effect.andThen(fileSystem.rename(`${file}.new`, file)),
    Effect.mapError((error) => new DataDirectoryUnwritable({ directory, why: error.message }))
  )
})

const make: (
  path: string
) => Effect.Effect<DataDirectory["Service"], DataDirectoryError, FileSystem.FileSystem | Scope.Scope> = Effect.fn(
  "DataDirectory.make"
)(function*(path) {
  if (path === "memory") return { postgres: "memory", keys: Option.none() }
  const directory = resolve(path)
  yield* create(directory)
  yield* lockFile(directory, join(directory, "lock"))
  const formatFile = join(directory, "marginalia.json")
  const fileSystem = yield* FileSystem.FileSystem
  const known = yield* Effect.orElseSucceed(fileSystem.exists(formatFile), () => true)
  yield* known ? readFormat(directory, formatFile) : writeFormat(directory, formatFile)
  return { postgres: join(directory, "postgres"), keys: Option.some(join(directory, "keys")) }
})

/**
 * Where the standalone program keeps what must outlive it. Built once, at the start; whoever has it is the only program
 * that uses the directory, until its scope ends or its process does, be it by SIGKILL.
 */
export class DataDirectory extends Context.Service<
  DataDirectory,
  {
    /** The folder of the embedded database, or `"memory"`. */
    readonly postgres: string
    /** The folder of the signing keys, if anything is kept. It may have to be created. */
    readonly keys: Option.Option<string>
  }
>()("marginalia/platform/DataDirectory") {
  /** Creates the directory at `path` if need be, and locks it; `"memory"` is none at all. */
  static readonly layer = (path: string): Layer.Layer<DataDirectory, DataDirectoryError> =>
    Layer.effect(DataDirectory, make(path)).pipe(Layer.provide(NodeFileSystem.layer))
}
