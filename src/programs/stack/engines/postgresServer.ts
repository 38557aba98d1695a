import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { execFileSync, spawn } from "node:child_process"
import { chownSync, existsSync, mkdirSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { engineEnded, EngineError, freePort } from "./engineProcess.ts"
import { findPostgres, type PostgresPrograms, serverUser } from "./postgresBinaries.ts"
import { passwordFile, passwordSettings, preparePassword, superuserPassword } from "./postgresPassword.ts"

const engine = "PostgreSQL"

const common = [
  "max_connections=200",
  "shared_buffers=64MB",
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  // Its log is shown when it doesn't start: what else PostgreSQL says of an error quotes rows.
  "log_error_verbosity=terse"
]

/** Safe for a database that nobody keeps, and only for that. */
const hasty = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

/**
 * Ends the server once the watchdog's standard input ends: that is when the scope is over, or the process that started
 * the server, however it ends, be it by SIGKILL. A server whose folder goes with it is told to skip its last checkpoint.
 */
const watchdogScript = `
  trap '' INT TERM HUP
  cat > /dev/null
  kill -"$3" "$1"
  while kill -0 "$1" 2> /dev/null; do sleep 0.02; done
  if [ "$3" = QUIT ]; then rm -rf "$2"; fi
`

interface Cluster {
  readonly folder: string
  readonly data: string
  readonly postgres: string
  readonly kept: boolean
  /** The superuser's; nobody is asked for one, if left out. */
  readonly password?: string | undefined
}

// Said where a folder can't be used: the reason is often that it is root's own.
const handedOver = serverUser.uid === undefined
  ? ""
  : " Root hands PostgreSQL over to the user nobody, who must be able to reach the folder."

const failed = (what: string) => (error: unknown) =>
  new EngineError({ engine, message: `${what}: ${error instanceof Error ? error.message : String(error)}` })

const ownFolder = (kept: string | undefined): string => {
  const folder = kept ?? mkdtempSync(join(tmpdir(), "marginalia-postgres-"))
  mkdirSync(folder, { recursive: true })
  if (serverUser.uid !== undefined && serverUser.gid !== undefined) {
    chownSync(folder, serverUser.uid, serverUser.gid)
  }
  return folder
}

/** The cluster of a folder, made if there is none yet, with the binaries to run it. */
const makeCluster = (programs: PostgresPrograms, kept: string | undefined, passwords: boolean) =>
  Effect.try({
    try: (): Cluster => {
      const folder = ownFolder(kept)
      const bin = programs(folder)
      const data = join(folder, "data")
      if (!existsSync(join(data, "PG_VERSION"))) {
        if (passwords) preparePassword(folder)
        const access = passwords
          ? ["--auth=scram-sha-256", `--pwfile=${join(folder, passwordFile)}`]
          : ["--auth=trust"]
        const options = ["--username=postgres", ...access, "--encoding=UTF8", "--locale=C"]
        const speed = kept === undefined ? ["--no-sync"] : []
        execFileSync(join(bin, "initdb"), [`--pgdata=${data}`, ...options, ...speed], {
          ...serverUser,
          cwd: folder,
          stdio: ["ignore", "ignore", "pipe"]
        })
      }
      const cluster = { folder, data, postgres: join(bin, "postgres"), kept: kept !== undefined }
      return passwords ? { ...cluster, password: superuserPassword(cluster) } : cluster
    },
    catch: (error) => failed(`No PostgreSQL cluster could be made.${handedOver} What went wrong`)(error)
  })

/** Starts the server and its watchdog; the scope's end is the watchdog's cue. */
const startServer = Effect.fnUntraced(function*(
  { data, folder, kept, password, postgres }: Cluster,
  more: ReadonlyArray<string>
) {
  const port = yield* freePort(engine)
  const onEnd = yield* engineEnded
  const access = password === undefined ? [] : yield* Effect.try({
    try: () => passwordSettings(folder),
    catch: failed("PostgreSQL's folder can't be written")
  })
  yield* Effect.acquireRelease(
    Effect.callback<{ readonly stop: Effect.Effect<void> }, EngineError>((resume) => {
      const options = { ...serverUser, cwd: folder, detached: true }
      const settings = [...common, ...(kept ? [] : hasty), ...access, ...more].flatMap((setting) => ["-c", setting])
      const server = spawn(postgres, ["-D", data, "-p", String(port), ...settings], {
        ...options,
        stdio: ["ignore", "ignore", "pipe"]
      })
      const watchdog = spawn(
        "sh",
        ["-c", watchdogScript, "sh", String(server.pid), folder, kept ? "INT" : "QUIT"],
        { ...options, stdio: ["pipe", "ignore", "ignore"] }
      )
      let stopping = false
      const stop = Effect.callback<void>((resume) => {
        stopping = true
        if (watchdog.exitCode !== null) return resume(Effect.void)
        watchdog.once("exit", () => resume(Effect.void))
        watchdog.stdin.end()
      })
      let log = ""
      server.stderr.setEncoding("utf8").on("data", (text: string) => {
        log = (log + text).slice(-4000)
        if (log.includes("ready to accept connections")) resume(Effect.succeed({ stop }))
      })
      server.once("error", (error) => resume(failed("PostgreSQL did not start")(error)))
      server.once("exit", () => {
        watchdog.stdin.end()
        resume(new EngineError({ engine, message: `PostgreSQL did not start:\n${log}` }))
        if (!stopping) onEnd(engine)
      })
    }),
    (server) => server.stop
  )
  return `postgres://postgres${password === undefined ? "" : `:${password}`}@127.0.0.1:${port}/postgres`
})

/**
 * A private PostgreSQL on a free port of 127.0.0.1, with room for 200 connections; the scope's end stops it. Its data lies
 * in a folder that is kept, or else in a temporary one that is gone with it. Answers with the URL of its `postgres`
 * database, whose user may create others.
 *
 * Whoever comes is believed to be who they say, unless passwords are asked for: then the URL has that of the superuser, and
 * it lies beside the data, in `superuser-password`, for the server's user alone to read.
 */
export const startPostgres = Effect.fn("startPostgres")(function*(
  { folder, passwords = false, settings = [] }: {
    readonly folder?: string | undefined
    readonly passwords?: boolean
    /** More of the server's settings, such as `ssl=on`. */
    readonly settings?: ReadonlyArray<string>
  } = {}
): Effect.fn.Return<string, EngineError, Scope.Scope> {
  return yield* startServer(yield* makeCluster(yield* findPostgres, folder, passwords), settings)
})
