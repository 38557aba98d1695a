import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Result } from "effect"
import { Command } from "effect/cli"
import process from "node:process"
import { choose } from "./choose.ts"
import { explain, replay } from "./explain.ts"
import { flags } from "./flags.ts"
import { planOf } from "./Plan.ts"
import { runMany } from "./runMany.ts"

const runSeeds = Effect.fnUntraced(function*(from: number, count: number, operations: number | undefined) {
  const { bad, struck } = yield* runMany({ from, count, operations: operations ?? null })
  const kinds = Array.from(struck).toSorted(([, one], [, other]) => other - one)
  yield* Console.log(`What struck: ${kinds.map(([kind, times]) => `${kind} ${times}`).join(", ")}.`)
  if (bad.length === 0) return yield* Console.log(`No promise was broken under the ${count} seeds from ${from} on.`)
  process.exitCode = 1
  const failed = bad.filter((one) => one._tag === "Failed")
  const broke = bad.filter((one) => one._tag === "Broke")
  for (const { reason, seed } of broke) {
    yield* Console.error(`The simulation itself broke under seed ${seed}: ${reason}`)
  }
  for (const { promise, rules, seed } of failed) {
    yield* Console.error(`Seed ${seed} broke a promise (rules ${rules.join(", ")}): ${promise}`)
  }
  const [first] = failed
  if (first !== undefined) yield* explain(planOf(first.seed, operations))
})

/** The program behind `npm run simulate`. */
const simulate = Command.make(
  "simulate",
  flags,
  Effect.fnUntraced(function*(said) {
    const chosen = choose(said)
    if (Result.isFailure(chosen)) {
      process.exitCode = 1
      return yield* Console.error(chosen.failure)
    }
    if (chosen.success._tag === "Many") {
      const { count, from, operations } = chosen.success
      return yield* runSeeds(from, count, operations)
    }
    const { plan, trace } = chosen.success
    if (!(yield* replay(plan, trace))) process.exitCode = 1
  })
).pipe(
  Command.withDescription(
    "Runs the whole system on simulated engines, under clients and misfortunes that a seed decides, and judges what came of it. " +
      "Ends with 1 if a promise was broken, having looked for a smaller plan that breaks it too, if the simulation itself "
      + "broke, or if what was asked for makes no sense."
  )
)

if (import.meta.main) {
  simulate.pipe(
    Command.run({ version: "0.1.0" }),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain()
  )
}
