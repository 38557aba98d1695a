import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { DatabaseSync } from "node:sqlite"
import { DataDirectoryCorrupt, DataDirectoryInUse, DataDirectoryUnwritable } from "./dataDirectoryErrors.ts"

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const busy = 5
const notADatabase = 26

const decode = Schema.decodeUnknownOption(Schema.Struct({ errcode: Schema.Int, errstr: Schema.String }))

const lockedDatabase = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Holds `directory` for this process until the scope ends, by an exclusive transaction on the SQLite database `file`, in
 * which nothing is ever stored.
 *
 * Node has no file locks of its own, and SQLite's are the kernel's: they go with the process, however it ends, so there
 * is no stale lock to clear away. Nothing else in the process may open the file, for POSIX locks are lost when any of its
 * descriptors is closed.
 */
export const lockFile = (
  directory: string,
  file: string
): Effect.Effect<void, DataDirectoryInUse | DataDirectoryUnwritable | DataDirectoryCorrupt, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => lockedDatabase(file),
      catch: (error) => {
        const { errcode, errstr } = Option.getOrElse(decode(error), () => ({ errcode: 0, errstr: String(error) }))
        // What lies above the lowest byte tells kinds of one primary code apart.
        const code = errcode & 0xff
        if (code === busy) return new DataDirectoryInUse({ directory })
        if (code === notADatabase) return new DataDirectoryCorrupt({ directory, why: `${file} isn't a lock` })
        return new DataDirectoryUnwritable({ directory, why: `${file}: ${errstr}` })
      }
    }),
    (database) => Effect.sync(() => database.close())
  ).pipe(Effect.asVoid)
