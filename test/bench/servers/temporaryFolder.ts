import { Effect, FileSystem } from "effect"
import { BenchError } from "../BenchError.ts"

/** A folder that is removed with the scope. It is also a server's TMPDIR, so that nothing stays behind of one that was killed. */
export const temporaryFolder = Effect.flatMap(
  FileSystem.FileSystem,
  (files) => files.makeTempDirectoryScoped({ prefix: "marginalia-bench-" })
).pipe(
  Effect.mapError((error) => new BenchError({ message: `No temporary folder can be made: ${error.message}` }))
)
