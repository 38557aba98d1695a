import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"
import { env as ownEnvironment } from "node:process"
import { fileURLToPath } from "node:url"
import { engineEnded, EngineError, guarded } from "./engines/engineProcess.ts"

/** A program of this project that the stack runs in a process of its own. */
export interface ChildProgram {
  /** What people call it. */
  readonly name: string
  /** Its file, relative to `src/programs`. */
  readonly file: string
  readonly settings: Readonly<Record<string, string>>
  /** What it prints when it serves. */
  readonly ready: RegExp
}

// Of what this program was given, its parts get what isn't said to them: the PATH, Node's options, LOG_FORMAT, MAX_WAITERS.
// What would lead them to other engines than the stack's stays behind, and what they get in the stack's own words.
const inherited = Object.fromEntries(
  Object.entries(ownEnvironment).filter(([name]) =>
    !/^(?:AWS|CORS|DATABASE|DYNAMODB|HSTS|MANAGEMENT|RATE_LIMIT|REDIS|TOKEN)_/.test(name)
  )
)

const programs = fileURLToPath(new URL("..", import.meta.url))

/** A program that serves, in a process of its own. */
export interface RunningChild {
  /** What it printed when it was ready. */
  readonly printed: RegExpExecArray
  /** The process' id. */
  readonly pid: number
  /** Waits until the process has ended, and tells with which code; null if a signal has ended it. */
  readonly ended: Effect.Effect<number | null>
}

/**
 * Starts a program as `npm start` does, and waits until it serves; the scope's end ends it. Its log goes where this
 * program's own goes.
 */
export const startChild = Effect.fn("startChild")(function*(
  { file, name, ready, settings }: ChildProgram
): Effect.fn.Return<RunningChild, EngineError, Scope.Scope> {
  const onEnd = yield* engineEnded
  const { child } = yield* Effect.acquireRelease(
    Effect.sync(() =>
      guarded(
        name,
        spawn(process.execPath, ["--import", `${programs}requireNode.mjs`, `${programs}${file}`], {
          env: { ...inherited, ...settings },
          detached: true,
          stdio: ["ignore", "pipe", "inherit"]
        }),
        onEnd
      )
    ),
    ({ stop }) => stop
  )
  const ended = Effect.callback<number | null>((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) resume(Effect.succeed(child.exitCode))
    else child.once("exit", (code) => resume(Effect.succeed(code)))
  })
  return yield* Effect.callback<RunningChild, EngineError>((resume) => {
    const failed = (why: string) =>
      resume(Effect.fail(new EngineError({ engine: name, message: `The ${name} did not start: ${why}.` })))
    let printed = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed = (printed + text).slice(-4000)
      const found = ready.exec(printed)
      if (found !== null && child.pid !== undefined) {
        resume(Effect.succeed({ printed: found, pid: child.pid, ended }))
      }
    })
    child.once("error", ({ message }) => failed(message))
    child.once("exit", (code, signal) => failed(`it ended with ${code ?? signal}`))
  })
})
