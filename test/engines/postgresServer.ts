import { Effect, Result, Schema, type Scope } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { chownSync, mkdtempSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { installedBinaries, runnableBinaries, serverUser } from "./postgresBinaries.ts"

/** There is no PostgreSQL for the tests; `message` is a sentence that says why. */
export class PostgresServerError extends Schema.TaggedError<PostgresServerError>()("PostgresServerError", {
  message: Schema.String
}) {}

/** Safe for a database that lives as long as a test run, and only for that. */
const settings = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "max_connections=200",
  "shared_buffers=64MB",
  "listen_addresses=127.0.0.1",
  "unix_socket_directories="
].flatMap((setting) => ["-c", setting])

/**
 * Ends the server and removes its folder once its standard input ends: that is when the run is over, however it ends,
 * be it by SIGKILL. The server is told to skip its last checkpoint.
 */
const watchdogScript = `
  trap '' INT TERM HUP
  cat > /dev/null
  kill -QUIT "$1"
  while kill -0 "$1" 2> /dev/null; do sleep 0.02; done
  rm -rf "$2"
`

const freePort = Effect.callback<number, PostgresServerError>((resume) => {
  const server = createServer()
  server.once("error", (error) => resume(new PostgresServerError({ message: `No free port: ${error.message}` })))
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** A cluster in a folder of its own under the temporary folder, with the binaries to run it. */
const makeCluster = Effect.fnUntraced(function*(installed: string) {
  return yield* Effect.try({
    try: () => {
      const folder = mkdtempSync(join(tmpdir(), "marginalia-test-postgres-"))
      if (serverUser.uid !== undefined && serverUser.gid !== undefined) {
        chownSync(folder, serverUser.uid, serverUser.gid)
      }
      const native = runnableBinaries(installed, folder)
      const data = join(folder, "data")
      const options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
      execFileSync(join(native, "bin", "initdb"), [`--pgdata=${data}`, ...options], {
        ...serverUser,
        cwd: folder,
        stdio: ["ignore", "ignore", "pipe"]
      })
      return { folder, data, postgres: join(native, "bin", "postgres") }
    },
    catch: (error) =>
      new PostgresServerError({ message: `No PostgreSQL cluster could be made for the tests: ${String(error)}` })
  })
})

/** Starts the server and its watchdog; the scope's end is the watchdog's cue. */
const startServer = Effect.fnUntraced(function*(cluster: { folder: string; data: string; postgres: string }) {
  const port = yield* freePort
  yield* Effect.acquireRelease(
    Effect.callback<{ readonly stop: Effect.Effect<void> }, PostgresServerError>((resume) => {
      const options = { ...serverUser, cwd: cluster.folder }
      const server = spawn(cluster.postgres, ["-D", cluster.data, "-p", String(port), ...settings], {
        ...options,
        stdio: ["ignore", "ignore", "pipe"]
      })
      const watchdog = spawn("sh", ["-c", watchdogScript, "sh", String(server.pid), cluster.folder], {
        ...options,
        stdio: ["pipe", "ignore", "ignore"]
      })
      const stop = Effect.callback<void>((resume) => {
        watchdog.once("exit", () => resume(Effect.void))
        watchdog.stdin.end()
      })
      let log = ""
      server.stderr.setEncoding("utf8").on("data", (text: string) => {
        log = (log + text).slice(-4000)
        if (log.includes("ready to accept connections")) resume(Effect.succeed({ stop }))
      })
      server.once("error", (error) => resume(new PostgresServerError({ message: error.message })))
      server.once("exit", () => {
        watchdog.stdin.end()
        resume(new PostgresServerError({ message: `The PostgreSQL for the tests did not start:\n${log}` }))
      })
    }),
    (server) => server.stop
  )
  return `postgres://postgres@127.0.0.1:${port}/postgres`
})

/**
 * A private PostgreSQL in a temporary folder, on a free port of 127.0.0.1, with room for 200 connections; the scope's end
 * stops it and removes the folder. Answers with the URL of its `postgres` database, whose user may create others.
 */
export const makePostgresServer: Effect.Effect<string, PostgresServerError, Scope.Scope> = Effect.gen(function*() {
  if (Result.isFailure(installedBinaries)) {
    return yield* new PostgresServerError({ message: installedBinaries.failure })
  }
  const cluster = yield* makeCluster(installedBinaries.success)
  return yield* startServer(cluster)
})
