import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, Console, Effect, Layer } from "effect"
import process from "node:process"
import { Begun } from "./step.ts"
import { makeSteps } from "./steps.ts"
import { Tools } from "./toolProcess.ts"

/** The program behind `npm run check:infra`: holds the templates against every tool that needs no account, and against the code. */
const program = Effect.gen(function*() {
  const steps = yield* makeSteps
  const results = yield* Effect.forEach(
    steps,
    ({ name, result }) => Effect.match(result, { onSuccess: () => [], onFailure: () => [name] }),
    { concurrency: "unbounded" }
  )
  const failed = results.flat()
  if (failed.length === 0) return yield* Console.log(`\nAll ${steps.length} checks have passed.`)
  yield* Console.error(`\n${failed.length} of ${steps.length} checks have FAILED:`)
  yield* Effect.forEach(failed, (name) => Console.error(`  ${name}`), { discard: true })
  process.exitCode = 1
})

const main = Effect.gen(function*() {
  yield* Effect.provideService(program, Begun, yield* Clock.currentTimeMillis)
}).pipe(Effect.provide(Tools.layer.pipe(Layer.provideMerge(NodeServices.layer))))

if (import.meta.main) NodeRuntime.runMain(main)
