import { Context, Effect, Layer, Semaphore, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { CheckFailed } from "./CheckFailed.ts"
import { infraFolder, project } from "./folders.ts"

/**
 * What tools find in their environment: a region, for they want one; no credentials, whoever starts them; and the request
 * to call nobody.
 */
const environment = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_DEFAULT_REGION: "eu-central-1",
  SAM_CLI_TELEMETRY: "0",
  __SAM_CLI_APP_DIR: join(infraFolder, "sam"),
  CKV_SKIP_PACKAGE_UPDATE_CHECK: "true",
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  // A shell of Nix names packages of its own here, which environments would import instead of theirs.
  PYTHONPATH: undefined,
  PYTHONHOME: undefined,
  PYTHONUTF8: "1",
  PYTHONWARNINGS: "ignore"
}

/** A program that is run to its end. */
export interface ToolRun {
  readonly command: string
  readonly arguments: ReadonlyArray<string>
  /** The project's, if left out. */
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** What a program has said, both outputs together, and how it ended. */
export interface ToolResult {
  readonly output: string
  readonly exitCode: number
}

/** Runs programs, no more of them at once than the machine has processors. */
export class Tools extends Context.Service<Tools, {
  /** How it ended is for the caller to judge; fails only if the program can't be started. */
  readonly run: (tool: ToolRun) => Effect.Effect<ToolResult, CheckFailed>
  /** Its output; fails with it, if the program doesn't end with 0. */
  readonly pass: (tool: ToolRun) => Effect.Effect<string, CheckFailed>
}>()("marginalia/test/infra/check/Tools") {
  static readonly layer = Layer.effect(
    Tools,
    Effect.gen(function*() {
      const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
      const processors = yield* Semaphore.make(Math.max(2, availableParallelism()))

      const run = Effect.fn("Tools.run")(function*(tool: ToolRun) {
        const handle = yield* spawner.spawn(
          ChildProcess.make(tool.command, tool.arguments, {
            cwd: tool.folder ?? project,
            env: { ...environment, ...tool.environment },
            extendEnv: true,
            stdin: "ignore"
          })
        )
        const output = yield* handle.all.pipe(Stream.decodeText(), Stream.mkString)
        return { output, exitCode: Number(yield* handle.exitCode) }
      }, (running, tool) =>
        running.pipe(
          Effect.scoped,
          Effect.mapError(({ message }) => new CheckFailed({ message: `${tool.command} can't be run: ${message}` })),
          processors.withPermit
        ))

      const pass = Effect.fn("Tools.pass")(function*(tool: ToolRun) {
        const { exitCode, output } = yield* run(tool)
        if (exitCode === 0) return output
        const line = [tool.command, ...tool.arguments].join(" ").replaceAll(`${project}/`, "")
        const shown = line.length > 200 ? `${line.slice(0, 200)} …` : line
        return yield* new CheckFailed({ message: `${shown}\nended with ${exitCode}:\n${output.trim()}` })
      })
      return { run, pass }
    })
  )
}
