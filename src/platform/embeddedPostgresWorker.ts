import { MemoryFS, type PGliteOptions } from "@electric-sql/pglite"
import { PGLiteSocketServer } from "@electric-sql/pglite-socket"
import { NodeFS } from "@electric-sql/pglite/nodefs"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { existsSync, renameSync, rmdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { parentPort, workerData } from "node:worker_threads"
import { readClusterTemplate } from "./clusterTemplate.ts"
import { PipelinedPGlite } from "./PipelinedPGlite.ts"

// The body of the thread that `EmbeddedPostgres` starts. Nothing else imports it; its types are the thread's protocol.

/** What the thread is to do: serve the cluster in `directory` (or one in memory) on the unix socket `socket`. */
export interface EmbeddedPostgresTask {
  readonly directory: string
  readonly socket: string
}

/** What the thread says: that it serves, or why it never will (or will no longer). */
export type EmbeddedPostgresReport =
  | { readonly _tag: "Serving" }
  | { readonly _tag: "Failed"; readonly why: string }

/** What the thread may be told: to end, after a checkpoint. */
export type EmbeddedPostgresCommand = "close"

/**
 * Connections that the socket server takes at once. The client keeps one, since the transactions of two would mix in
 * PGlite's only session; the others are for a moment's overlap when it replaces a connection.
 */
const maxConnections = 8

const task: EmbeddedPostgresTask = workerData

/** The last complaint of Postgres itself, which says more than the exception that follows it. */
let complaint: string | undefined

const report = (report: EmbeddedPostgresReport) => parentPort?.postMessage(report, [])

const fail = (why: unknown): never => {
  report({ _tag: "Failed", why: complaint ?? (why instanceof Error ? why.message : String(why)) })
  process.exit(1)
}

type Initialise = NodeFS["init"]

/**
 * Ends the thread in the midst of a PANIC. PGlite itself would go on after it, in a state in which a commit may be
 * acknowledged that was never written; here nothing more is sent to the client.
 */
const endOnAbort = (initialised: ReturnType<Initialise>): ReturnType<Initialise> =>
  initialised.then(({ emscriptenOpts }) => ({
    emscriptenOpts: { ...emscriptenOpts, onAbort: () => fail("Postgres aborted") }
  }))

class GuardedNodeFS extends NodeFS {
  override init(...args: Parameters<Initialise>): ReturnType<Initialise> {
    return endOnAbort(super.init(...args))
  }
}

class GuardedMemoryFS extends MemoryFS {
  override init(...args: Parameters<Initialise>): ReturnType<Initialise> {
    return endOnAbort(super.init(...args))
  }
}

/** A running database, a new one out of `template` if there is one; the scope's end makes a checkpoint and closes it. */
const open = (directory: string | undefined, template?: Blob) =>
  Effect.acquireRelease(
    Effect.promise(() => {
      const options: PGliteOptions = {
        fs: directory === undefined ? new GuardedMemoryFS() : new GuardedNodeFS(directory),
        // Each statement's writes have reached the file system before it is answered.
        relaxedDurability: false,
        ...(template === undefined ? {} : { loadDataDir: template }),
        onStderr: (line) => {
          complaint = /(?:FATAL|PANIC): +(.*)/.exec(line)?.[1] ?? complaint
          return false
        }
      }
      const database = new PipelinedPGlite(options, fail)
      return database.waitReady.then(() => database)
    }),
    (database) => Effect.promise(() => database.exec("CHECKPOINT").then(() => database.close()))
  )

/** Creates the cluster beside its place and moves it there: what a crash leaves behind is never taken for a cluster. */
const initialise = Effect.fnUntraced(function*(directory: string) {
  // Its place may hold an empty folder, and nothing else.
  if (existsSync(directory)) rmdirSync(directory)
  const unfinished = `${directory}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  yield* Effect.scoped(open(unfinished, readClusterTemplate()))
  renameSync(unfinished, directory)
})

const listen = (database: PipelinedPGlite) =>
  Effect.acquireRelease(
    Effect.promise(() => {
      const server = new PGLiteSocketServer({ db: database, path: task.socket, maxConnections })
      return server.start().then(() => server)
    }),
    (server) => Effect.promise(() => server.stop())
  )

const askedToClose = Effect.callback<void>((resume) => {
  parentPort?.once("message", (command: EmbeddedPostgresCommand) => {
    if (command === "close") resume(Effect.void)
  })
})

const serve = Effect.gen(function*() {
  const directory = task.directory === "memory" ? undefined : task.directory
  if (directory !== undefined && !existsSync(join(directory, "PG_VERSION"))) yield* initialise(directory)
  const database = yield* (directory === undefined ? open(undefined, readClusterTemplate()) : open(directory))
  yield* listen(database)
  report({ _tag: "Serving" })
  yield* askedToClose
})

Effect.runCallback(Effect.scoped(serve), {
  onExit: (exit) => (Exit.isSuccess(exit) ? process.exit(0) : fail(Cause.squash(exit.cause)))
})
