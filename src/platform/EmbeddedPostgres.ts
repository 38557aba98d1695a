import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import type * as PgClient from "@effect/sql-pg/PgClient"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Duplex } from "node:stream"
import { Worker } from "node:worker_threads"
import { EmbeddedPostgresSocket } from "./EmbeddedPostgresSocket.ts"
import type { EmbeddedPostgresCommand, EmbeddedPostgresReport, EmbeddedPostgresTask } from "./embeddedPostgresWorker.ts"

/** The embedded database could not start, or stopped by itself. `message` is a sentence for whoever runs the program. */
export class EmbeddedPostgresError extends Schema.TaggedError<EmbeddedPostgresError>()("EmbeddedPostgresError", {
  message: Schema.String
}) {}

/** What `PgClient.make` needs to reach the embedded database; `maxConnections` has to be 1. */
export interface EmbeddedPostgresSettings extends Pick<PgClient.PgClientConfig, "username" | "database"> {
  readonly stream: () => Duplex
}

/** `sockaddr_un.sun_path` holds 104 bytes on macOS and 108 on Linux, with the terminating zero. */
const longestSocketPath = 103

/** How long the database may take for its last checkpoint. */
const closeTimeout = "10 seconds"

/** Where the socket's folder goes: never the data directory, whose path may be too long and whose file system too odd. */
const socketFolderParent = Effect.sync(() => {
  const usual = tmpdir()
  return Buffer.byteLength(join(usual, "marginalia-postgres-XXXXXX", "socket")) <= longestSocketPath ? usual : "/tmp"
})

const place = (
  directory: string
) => (directory === "memory" ? "The database in memory" : `The database in ${directory}`)

/** A running thread, and how to end it. */
interface Thread {
  readonly stop: Effect.Effect<void>
}

/** Resolves when the thread serves, and completes `died` with the reason once it has ended without being asked to. */
const startThread = (
  task: EmbeddedPostgresTask,
  died: Deferred.Deferred<never, EmbeddedPostgresError>
): Effect.Effect<Thread, EmbeddedPostgresError> =>
  Effect.callback((resume) => {
    const worker = new Worker(new URL("./embeddedPostgresWorker.ts", import.meta.url), { workerData: task })
    const exited = Deferred.makeUnsafe<void>()
    let started = false
    const fail = (why: string) => {
      const error = new EmbeddedPostgresError({
        message: `${place(task.directory)} ${started ? "stopped" : "could not start"}: ${why}`
      })
      Deferred.doneUnsafe(died, Effect.fail(error))
      resume(Effect.fail(error))
      void worker.terminate()
    }
    const stop = Effect.sync(() => worker.postMessage("close" satisfies EmbeddedPostgresCommand, [])).pipe(
      Effect.andThen(Deferred.await(exited)),
      Effect.timeoutOrElse({ duration: closeTimeout, orElse: () => Effect.promise(() => worker.terminate()) }),
      Effect.asVoid
    )
    worker.on("message", (report: EmbeddedPostgresReport) => {
      if (report._tag === "Failed") return fail(report.why)
      started = true
      resume(Effect.succeed({ stop }))
    })
    worker.on("error", (error) => fail(error instanceof Error ? error.message : String(error)))
    worker.on("exit", (code) => {
      Deferred.doneUnsafe(exited, Effect.void)
      fail(`its thread ended with code ${code}`)
    })
    return Effect.promise(() => worker.terminate())
  })

/**
 * Starts PGlite, which is Postgres in WebAssembly, on a thread of its own, so that the caller's thread never runs it.
 *
 * `directory` is the folder of the cluster, created when it isn't there, or `"memory"`. What was committed under a
 * directory survives the end of the process at any moment; a power failure may take the last commits with it, because
 * PGlite doesn't wait for the disk. Two programs must not open one directory: `DataDirectory` sees to that.
 *
 * The scope's end makes a checkpoint and ends the thread. `died` never succeeds: it fails when the database stopped
 * without being asked to, and the program has to end then, for every query would fail from there on.
 */
const make: (options: {
  readonly directory: string
}) => Effect.Effect<EmbeddedPostgres["Service"], EmbeddedPostgresError, FileSystem.FileSystem | Scope.Scope> = Effect
  .fn(
    "EmbeddedPostgres.make"
  )(function*(options) {
    const fileSystem = yield* FileSystem.FileSystem
    const folder = yield* fileSystem
      .makeTempDirectoryScoped({ directory: yield* socketFolderParent, prefix: "marginalia-postgres-" })
      .pipe(
        Effect.mapError(
          (error) =>
            new EmbeddedPostgresError({
              message: `${
                place(options.directory)
              } could not start: no folder for its socket can be made (${error.message})`
            })
        )
      )
    const socket = join(folder, "socket")
    const died = yield* Deferred.make<never, EmbeddedPostgresError>()
    yield* Effect.acquireRelease(startThread({ directory: options.directory, socket }, died), (thread) => thread.stop, {
      interruptible: true
    })
    return {
      settings: {
        stream: () => new EmbeddedPostgresSocket().connect(socket),
        username: "postgres",
        database: "postgres"
      },
      died: Deferred.await(died)
    }
  })

/** PostgreSQL inside this process; see `layer`. */
export class EmbeddedPostgres extends Context.Service<
  EmbeddedPostgres,
  {
    readonly settings: EmbeddedPostgresSettings
    /** Fails when the database has stopped without being asked to; never succeeds. */
    readonly died: Effect.Effect<never, EmbeddedPostgresError>
  }
>()("marginalia/platform/EmbeddedPostgres") {
  static readonly make = make

  static readonly layer = (options: {
    readonly directory: string
  }): Layer.Layer<EmbeddedPostgres, EmbeddedPostgresError> =>
    Layer.effect(EmbeddedPostgres, make(options)).pipe(Layer.provide(NodeFileSystem.layer))
}
