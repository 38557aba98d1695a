import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect } from "effect"
import { checkProgram, runSteps } from "./program.ts"
import { makeSteps } from "./steps.ts"

/** The program behind `npm run check:infra`: holds the templates against every tool that needs no account, and against the code. */
if (import.meta.main) NodeRuntime.runMain(checkProgram(Effect.flatMap(makeSteps, runSteps)))
