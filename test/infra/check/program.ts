import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, Console, Effect, Layer } from "effect"
import process from "node:process"
import { Begun, type Step } from "./step.ts"
import { Tools } from "./toolProcess.ts"

/** Runs steps, as many at once as they let each other, and says at the end which have failed: then the process ends with 1. */
export const runSteps = Effect.fn("runSteps")(function*<R>(steps: ReadonlyArray<Step<unknown, R>>) {
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

const services = Tools.layer.pipe(Layer.provideMerge(NodeServices.layer))

/** A program that checks, with what checks need; its times are told from now on. */
export const checkProgram = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.provideService(program, Begun, now)).pipe(
    Effect.provide(services)
  )
