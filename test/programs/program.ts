import { Effect, Schema } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { wasmOptions } from "../engines/wasmOptions.ts"
import { developmentTokens } from "../http/developmentTokens.ts"
import { Target } from "../http/Target.ts"

const programs = fileURLToPath(new URL("../../src/programs/", import.meta.url))

/** How long a test may take that starts programs, in milliseconds: each start is the work of seconds, more on a busy machine. */
export const patience = 120_000

/** How a process ended: by a code or by a signal. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The program ended although it was to go on. */
export class EndedEarly extends Schema.TaggedError<EndedEarly>()("EndedEarly", { message: Schema.String }) {}

/** A program of this project that runs as a process of its own. */
export interface Running {
  /** The process' id; none if it couldn't even be started. */
  readonly pid: number | undefined
  /** Waits until it has printed what is wanted on standard output, and gives all that it has. */
  readonly printed: (wanted: RegExp) => Effect.Effect<string, EndedEarly>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly ended: Effect.Effect<Ended>
}

/** Variables that some developer may have set, and that would change what a test sees. */
const own = [
  "PORT",
  "HOST",
  "DATA_DIR",
  "LOG_LEVEL",
  "LOG_FORMAT",
  "CACHE_SIZE",
  "MAX_WAITERS",
  "MAX_WAITERS_PER_CALLER",
  "CLIENT_ADDRESS_HEADER",
  "KEEP_ALIVE_TIMEOUT",
  "SHUTDOWN_TIMEOUT",
  "NODE_OPTIONS",
  "EVENTS_TABLE",
  "INBOX_TABLE",
  "POLL_INTERVAL"
]
const ofEngines = /^(?:DATABASE|DYNAMODB|MANAGEMENT|OTEL|REDIS|TOKEN)_/

// Where Node keeps what it has compiled: the programs are started often, and are the same each time.
const compiled = fileURLToPath(new URL("../../node_modules/.cache/marginalia-test/compiled", import.meta.url))

const environment = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name) && !ofEngines.test(name))),
  NODE_COMPILE_CACHE: compiled,
  ...settings
})

/** Starts a program of `src/programs` as `npm start` and its like do; the scope's end kills it if it is still there. */
export const start = Effect.fnUntraced(function*(
  program: string,
  settings: Readonly<Record<string, string>>,
  args: ReadonlyArray<string> = []
) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [
        ...wasmOptions,
        "--import",
        `${programs}requireNode.mjs`,
        `${programs}${program}`,
        ...args
      ], {
        env: environment(settings),
        stdio: ["ignore", "pipe", "pipe"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const output = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output.stdout += String(text)
  })
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output.stderr += String(text)
  })
  let end: Ended | undefined
  child.once("close", (code, signal) => {
    end = { code, signal, ...output }
  })

  const watch = <A, E>(look: () => Effect.Effect<A, E> | undefined) =>
    Effect.callback<A, E>((resume) => {
      const check = () => {
        const found = look()
        if (found === undefined) return
        child.stdout.off("data", check)
        child.off("close", check)
        resume(found)
      }
      child.stdout.on("data", check)
      child.on("close", check)
      check()
    })

  const running: Running = {
    pid: child.pid,
    printed: (wanted) =>
      watch<string, EndedEarly>(() => {
        if (wanted.test(output.stdout)) return Effect.succeed(output.stdout)
        return end === undefined
          ? undefined
          : Effect.fail(new EndedEarly({ message: `${program} ended:\n${output.stderr}` }))
      }),
    kill: (signal) => Effect.sync(() => child.kill(signal)),
    ended: watch<Ended, never>(() => end === undefined ? undefined : Effect.succeed(end))
  }
  return running
})

/** Starts the standalone program on a free port, and waits until it serves. */
export const startStandalone = Effect.fnUntraced(function*(settings: Readonly<Record<string, string>>) {
  const program = yield* start("standalone.ts", { PORT: "0", LOG_LEVEL: "warn", ...settings })
  const banner = yield* program.printed(/A first comment .*\n/)
  const url = /listens on (http:\S+)/.exec(banner)?.[1] ?? ""
  const target = Target.of({ url, token: yield* developmentTokens(url) })
  return { ...program, banner, target }
})

/** Runs a program to its end. */
export const run = Effect.fnUntraced(function*(
  program: string,
  settings: Readonly<Record<string, string>>,
  args: ReadonlyArray<string> = []
) {
  const { ended } = yield* start(program, settings, args)
  return yield* ended
}, Effect.scoped)
