import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { run } from "../../programs/program.ts"
import { putCommits } from "./recordedLambdas.ts"
import { RecordedSite } from "./recordedSite.ts"

/** What operators run in a deployment on AWS. */
export const deployedCommands = ["stream", "parked", "redrive", "reconcile", "verify"]

/** What is done there by the templates and the migration's function: the task that operators start may do neither. */
export const undeployedCommands = ["migrate", "tables"]

/** The commands of the program for operators, as its help lists them. */
export const opsCommands = Effect.map(run("ops.ts", {}, ["--help"]), ({ stdout }) => {
  const [, list = ""] = stdout.split(/^SUBCOMMANDS$/m)
  return [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name = ""]) => name)
})

/** Runs each command that is for a deployment, on a log that has not been projected. */
export const operate = Effect.gen(function*() {
  const { environmentOf } = yield* RecordedSite
  const stream = yield* putCommits
  const environment = { ...environmentOf("ops"), LOG_LEVEL: "warn" }
  const ops = Effect.fnUntraced(function*(code: number, ...args: ReadonlyArray<string>) {
    const ended = yield* run("ops.ts", environment, args)
    assert.strictEqual(ended.code, code, `ops ${args.join(" ")}: ${ended.stdout}${ended.stderr}`)
  })
  yield* ops(3, "verify")
  yield* ops(0, "reconcile", "--dry-run")
  yield* ops(0, "reconcile")
  yield* ops(0, "stream", "show", stream)
  yield* ops(0, "parked", "list")
  yield* ops(0, "redrive", stream)
  yield* ops(0, "redrive", "--all")
  yield* ops(0, "verify")
})
