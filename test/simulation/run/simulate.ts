import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import process from "node:process"
import { explain, replay } from "./explain.ts"
import { type Plan, planOf } from "./Plan.ts"
import { runMany } from "./runMany.ts"

const seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 31 }))
const positive = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000_000 }))
const numbers = Schema.String.check(Schema.isPattern(/^(?:none|\d+(?:,\d+)*)$/))

const flags = {
  seeds: Flag.Int("seeds").pipe(
    Flag.withSchema(positive),
    Flag.withDescription("How many seeds are run"),
    Flag.withDefault(1_000)
  ),
  from: Flag.Int("from").pipe(Flag.withSchema(seed), Flag.withDescription("The first of them"), Flag.withDefault(1)),
  operations: Flag.Int("operations").pipe(
    Flag.withSchema(positive),
    Flag.withDescription("How much the clients of a run do"),
    Flag.optional
  ),
  one: Flag.Int("seed").pipe(Flag.withSchema(seed), Flag.withDescription("One seed, in place of many"), Flag.optional),
  trace: Flag.Boolean("trace").pipe(Flag.withDescription("With --seed: print each step"), Flag.withDefault(false)),
  kinds: Flag.String("with").pipe(
    Flag.withDescription("With --seed: a kind of fault or incident that may strike, in place of all of the seed's"),
    Flag.atLeast(0)
  ),
  calm: Flag.Boolean("calm").pipe(Flag.withDescription("With --seed: nothing strikes"), Flag.withDefault(false)),
  keep: Flag.String("keep").pipe(
    Flag.withSchema(numbers),
    Flag.withDescription("With --seed: the numbers of the operations that aren't left out, with commas, or: none"),
    Flag.optional
  )
}

interface Parts {
  readonly kinds: ReadonlyArray<string>
  readonly calm: boolean
  readonly keep: Option.Option<string>
}

const numbersIn = (list: string): ReadonlyArray<number> => list === "none" ? [] : list.split(",").map(Number)

/** What is left of a plan. */
const partOf = (whole: Plan, { calm, keep, kinds }: Parts): Plan => {
  const strikes = (kind: string) => !calm && (kinds.length === 0 || kinds.includes(kind))
  const operations = Array.from({ length: whole.operations }, (_, number) => number)
  const kept = Option.match(keep, { onNone: () => operations, onSome: numbersIn })
  return {
    ...whole,
    faults: new Set(Array.from(whole.faults).filter(strikes)),
    incidents: new Set(Array.from(whole.incidents).filter(strikes)),
    dropped: new Set(operations.filter((number) => !kept.includes(number)))
  }
}

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
  Effect.fnUntraced(function*({ calm, from, keep, kinds, one, operations, seeds, trace }) {
    const each = Option.getOrUndefined(operations)
    if (Option.isNone(one)) return yield* runSeeds(from, seeds, each)
    const plan = partOf(planOf(one.value, each), { calm, keep, kinds })
    if (!(yield* replay(plan, trace))) process.exitCode = 1
  })
).pipe(
  Command.withDescription(
    "Runs the whole system on simulated engines, under clients and misfortunes that a seed decides, and judges what came of it. " +
      "Ends with 1 if a promise was broken, having shrunk the first failure, or if the simulation itself broke."
  )
)

if (import.meta.main) {
  simulate.pipe(
    Command.run({ version: "0.1.0" }),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain()
  )
}
