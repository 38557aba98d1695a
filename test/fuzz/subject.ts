import { Effect } from "effect"
import { CheckFailed } from "../infra/check/CheckFailed.ts"
import { start } from "../programs/program.ts"
import { assertReady } from "./document.ts"
import { errorsIn } from "./logs.ts"
import { memoryOf } from "./memory.ts"

/** What is driven: the programs whose one port serves the whole contract. */
export const subjects = ["standalone", "stack"] as const

/** The name of one of them, which is its file's, too. */
export type Subject = typeof subjects[number]

/** How much resident memory each process of a program may have after the run, in megabytes: twice what the largest settles at. */
const memoryLimit = 1_200

/** How long a program may take to end, and its engines with it. */
const patience = "40 seconds"

// One user at one address makes all requests, and more of them than any person would.
const settings = {
  HOST: "127.0.0.1",
  PORT: "0",
  DATA_DIR: "memory",
  LOG_LEVEL: "info",
  LOG_FORMAT: "json",
  RATE_LIMIT_COMMANDS: "1000000 per 1 hour",
  RATE_LIMIT_QUERIES: "1000000 per 1 hour"
}

const failed = (message: string) => new CheckFailed({ message })

/** Starts a program as a user would, with nothing kept, on a free port, and waits until it serves. */
export const startSubject = Effect.fn("startSubject")(function*(subject: Subject) {
  const program = yield* start(`${subject}.ts`, settings)
  const banner = yield* program.printed(/A first comment .*\n/)
  const url = /listens on (http:\S+)/.exec(banner)?.[1]
  if (url === undefined) return yield* failed(`The ${subject} doesn't say where it listens:\n${banner}`)

  /** What must still be true of the program after the run; answers with the memory of the largest process, in megabytes. */
  const assertHealthy = Effect.gen(function*() {
    yield* assertReady(url)
    const processes = yield* memoryOf(program.pid)
    const large = processes.filter(({ megabytes }) => megabytes > memoryLimit)
    if (large.length > 0) {
      const told = large.map(({ command, megabytes, pid }) => `${command} (${pid}) has ${megabytes} MB`)
      return yield* failed(`Each process may have ${memoryLimit} MB: ${told.join(", ")}`)
    }
    return Math.max(...processes.map(({ megabytes }) => megabytes))
  })

  /** Ends the program by SIGTERM, and holds how it ended, and its whole log, against what must be. */
  const end = Effect.gen(function*() {
    yield* program.kill("SIGTERM")
    const { code, signal, stderr } = yield* program.ended.pipe(
      Effect.timeoutOrElse({
        duration: patience,
        orElse: () => Effect.fail(failed(`The ${subject} doesn't end ${patience} after SIGTERM.`))
      })
    )
    const errors = errorsIn(stderr)
    if (errors.length > 0) {
      return yield* failed(`The log tells of ${errors.length} errors:\n${errors.slice(0, 20).join("\n")}`)
    }
    if (code !== 0) return yield* failed(`The ${subject} ended with ${code ?? signal} after SIGTERM.`)
  })
  return { url, assertHealthy, end }
}, Effect.catchTag("EndedEarly", ({ message }) => Effect.fail(failed(message))))
