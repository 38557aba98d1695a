import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { type ChildProcess, spawn } from "node:child_process"
import { get } from "node:http"
import { createServer } from "node:net"

/** An engine can't be had, or didn't start; `message` is a sentence that says what is missing and how to get it. */
export class EngineError extends Schema.TaggedError<EngineError>()("EngineError", {
  engine: Schema.String,
  message: Schema.String
}) {}

/** Is told the name of an engine that ends by itself, although its scope goes on. Nobody listens, if left out. */
export const engineEnded = Context.Reference<(engine: string) => void>(
  "marginalia/programs/stack/engines/engineEnded",
  {
    defaultValue: () => () => {}
  }
)

/** How an engine is started. */
export interface EngineProgram {
  /** What people call it. */
  readonly engine: string
  readonly command: string
  readonly commandArguments: ReadonlyArray<string>
  readonly folder?: string
  /** Succeeds as soon as the engine answers. */
  readonly answers: Effect.Effect<void, Error>
}

/** A port of 127.0.0.1 that nobody listens on. */
export const freePort = (engine: string): Effect.Effect<number, EngineError> =>
  Effect.callback((resume) => {
    const server = createServer()
    server.once("error", ({ message }) => {
      resume(Effect.fail(new EngineError({ engine, message: `There is no free port for ${engine}: ${message}` })))
    })
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      server.close(() => resume(Effect.succeed(port)))
    })
  })

/** Succeeds if something answers HTTP at the URL, whatever it says. */
export const answersHttp = (url: string): Effect.Effect<void, Error> =>
  Effect.callback((resume) => {
    const request = get(url, (response) => {
      response.resume()
      resume(Effect.void)
    })
    request.once("error", (error) => resume(Effect.fail(error)))
    return Effect.sync(() => request.destroy())
  })

/**
 * Ends the engine once the watchdog's standard input ends: that is when the scope is over, or the process that started
 * the engine, however it ends, be it by SIGKILL.
 */
const watchdogScript = `
  trap '' INT TERM HUP
  cat > /dev/null
  kill -TERM "$1"
  tries=0
  while kill -0 "$1" && [ $tries -lt 250 ]; do sleep 0.02; tries=$((tries + 1)); done
  kill -KILL "$1"
`

/** Gives a process a watchdog, and what ends it. Whoever listens is told when it ends by itself. */
export const guarded = <Child extends ChildProcess>(name: string, child: Child, onEnd: (name: string) => void) => {
  const watchdog = spawn("sh", ["-c", watchdogScript, "sh", String(child.pid ?? "")], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"]
  })
  let stopping = false
  const stop = Effect.callback<void>((resume) => {
    stopping = true
    if (watchdog.exitCode !== null) return resume(Effect.void)
    watchdog.once("exit", () => resume(Effect.void))
    watchdog.stdin.end()
  })
  child.once("exit", () => {
    watchdog.stdin.end()
    if (!stopping) onEnd(name)
  })
  return { child, stop }
}

// In groups of their own: Ctrl+C in a terminal is for the program, which ends the engine when it can do without it.
const spawnGuarded = (
  { command, commandArguments, engine, folder }: EngineProgram,
  onEnd: (engine: string) => void
) =>
  guarded(
    engine,
    spawn(command, commandArguments, { cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] }),
    onEnd
  )

/** Fails when the engine ends, or doesn't even start, with the last that it said. */
const ended = (engine: string, child: ChildProcess): Effect.Effect<never, EngineError> =>
  Effect.callback((resume) => {
    let said = ""
    const fail = (why: string) =>
      resume(Effect.fail(new EngineError({ engine, message: `${engine} did not start: ${why}` })))
    for (const output of [child.stdout, child.stderr]) {
      output?.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-2000)
      })
    }
    child.once("error", ({ message }) => fail(message))
    child.once("close", (code, signal) => fail(`it ended with ${code ?? signal}.\n${said}`))
  })

/** Starts an engine and waits until it answers; it is ended with the scope. */
export const startEngine = (program: EngineProgram): Effect.Effect<void, EngineError, Scope.Scope> =>
  Effect.gen(function*() {
    const onEnd = yield* engineEnded
    const { child } = yield* Effect.acquireRelease(
      Effect.sync(() => spawnGuarded(program, onEnd)),
      ({ stop }) => stop
    )
    const { answers, engine } = program
    yield* answers.pipe(
      Effect.retry(Schedule.spaced("30 millis")),
      Effect.timeoutOrElse({
        duration: "60 seconds",
        orElse: () => Effect.fail(new EngineError({ engine, message: `${engine} doesn't answer` }))
      }),
      Effect.raceFirst(ended(engine, child)),
      Effect.mapError((error) =>
        error instanceof EngineError ? error : new EngineError({ engine, message: error.message })
      )
    )
  })
