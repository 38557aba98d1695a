import { Effect, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { BenchError } from "../BenchError.ts"

/** What a Node process is started with. */
export interface NodeProcess {
  /** For messages. */
  readonly name: string
  /** A command that runs the other one, such as taskset with its arguments. */
  readonly prefix: ReadonlyArray<string>
  readonly nodeArguments: ReadonlyArray<string>
  readonly environment?: Readonly<Record<string, string>>
  /** A line, or several in time, for its standard input, which then stays open as long as this process lives. */
  readonly input?: string | Stream.Stream<string>
}

/**
 * Starts a Node process of the version that runs this one; the scope's end sends it SIGTERM, and SIGKILL 15 s later if it
 * is still there.
 */
export const spawnNode = ({ environment, input, name, nodeArguments, prefix }: NodeProcess) => {
  const [command = process.execPath, ...args] = [...prefix, process.execPath, ...nodeArguments]
  return ChildProcess.make(command, args, {
    env: { ...environment, NODE_OPTIONS: undefined },
    extendEnv: true,
    // In one process group, so that Ctrl+C reaches all.
    detached: false,
    forceKillAfter: "15 seconds",
    stdin: input === undefined
      ? "ignore"
      : (typeof input === "string" ? Stream.make(input) : input).pipe(
        Stream.map((line) => `${line}\n`),
        Stream.encodeText,
        Stream.concat(Stream.never)
      )
  }).pipe(
    Effect.mapError((error) => new BenchError({ message: `${name} can't be started: ${error.message}` }))
  )
}
