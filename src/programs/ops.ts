import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import process from "node:process"
import * as Logging from "../platform/Logging.ts"
import { readLogging } from "../platform/settings.ts"
import { exitCode, explain } from "./ops/ending.ts"
import { migrate } from "./ops/migrate.ts"
import { parked } from "./ops/parked.ts"
import { reconcile } from "./ops/reconcile.ts"
import { redrive } from "./ops/redrive.ts"
import { stream } from "./ops/stream.ts"
import { tables } from "./ops/tables.ts"
import { verify } from "./ops/verify.ts"
import { printing } from "./service/printing.ts"

const ops = Command.make("ops").pipe(
  Command.withDescription("One-off tasks for operators"),
  Command.withSubcommands([migrate, tables, stream, parked, redrive, reconcile, verify])
)

// Colours are control characters, too.
const plain = CliOutput.layer(CliOutput.defaultFormatter({ colors: false }))

/** What the program does when it is called with `args`. */
export const operate = (args: ReadonlyArray<string>) =>
  Command.runWith(ops, { version: "0.1.0" })(args).pipe(
    explain,
    printing,
    Effect.provide([NodeServices.layer, plain, Layer.unwrap(Effect.map(readLogging, Logging.layer))])
  )

if (import.meta.main) {
  NodeRuntime.runMain(operate(process.argv.slice(2)), { disableErrorReporting: true, teardown: exitCode })
}
