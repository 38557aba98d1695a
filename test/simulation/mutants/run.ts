import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, Console, Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { availableParallelism } from "node:os"
import process from "node:process"
import type { Mutant } from "./Mutant.ts"
import { findMutant, mutants } from "./mutants.ts"
import { describeVerdict, reportOf, type Result } from "./report.ts"
import { tryMutant } from "./tryMutant.ts"

const positive = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))
const name = Schema.String.check(
  Schema.makeFilter((name: string) => mutants.some((mutant) => mutant.name === name), {
    expected: `one of: ${mutants.map((mutant) => mutant.name).join(", ")}`
  })
)

const flags = {
  names: Flag.String("only").pipe(
    Flag.withSchema(name),
    Flag.withDescription("The name of a mutant to try, in place of all; may be given several times"),
    Flag.atLeast(0)
  ),
  seeds: Flag.Int("seeds").pipe(
    Flag.withSchema(positive),
    Flag.withDescription("How many seeds each mutant is tried with, until one shows it"),
    Flag.withDefault(150)
  ),
  from: Flag.Int("from").pipe(
    Flag.withSchema(positive),
    Flag.withDescription("The first seed"),
    Flag.withDefault(1)
  ),
  seconds: Flag.Int("seconds").pipe(
    Flag.withSchema(positive),
    Flag.withDescription("How long one mutant may take; beyond that it isn't caught"),
    Flag.withDefault(120)
  )
}

const caughtAt = ({ verdict }: Result): ReadonlyArray<number> => verdict._tag === "Caught" ? [verdict.seed] : []

const tryAll = Effect.fn("tryAll")(
  function*(tried: ReadonlyArray<Mutant>, seeds: ReadonlyArray<number>, timeLimit: number) {
    let done = 0
    const tryOne = Effect.fnUntraced(function*(mutant: Mutant) {
      const begun = yield* Clock.currentTimeMillis
      const verdict = yield* tryMutant(mutant, { seeds, timeLimit })
      const seconds = ((yield* Clock.currentTimeMillis) - begun) / 1000
      done++
      yield* Console.error(`${done}/${tried.length} ${mutant.name}: ${describeVerdict(verdict)}`)
      return { mutant, verdict, seconds } satisfies Result
    })
    return yield* Effect.forEach(tried, tryOne, { concurrency: availableParallelism() })
  }
)

/** A catch shows something about a mutant only where its seed shows nothing without one. */
const control = Effect.fn("control")(function*(results: ReadonlyArray<Result>, timeLimit: number) {
  const seeds = Array.from(new Set(results.flatMap(caughtAt))).toSorted((one, other) => one - other)
  if (seeds.length === 0) return true
  const verdict = yield* tryMutant(null, { seeds, timeLimit })
  const isClean = verdict._tag === "Survived"
  yield* Console.log(
    isClean
      ? `Without a mutant, the ${seeds.length} seeds that caught one show nothing.`
      : `Without a mutant, the seeds that caught one don't pass: ${describeVerdict(verdict)}`
  )
  return isClean
})

/** The program behind `npm run mutants`. */
const program = Command.make(
  "mutants",
  flags,
  Effect.fnUntraced(function*({ from, names, seconds, seeds: count }) {
    const tried = names.length === 0 ? mutants : names.map(findMutant)
    const seeds = Array.from({ length: count }, (_, index) => from + index)
    const results = yield* tryAll(tried, seeds, seconds * 1000)
    yield* Console.log(reportOf(results))
    const isClean = yield* control(results, seconds * 1000)
    const missed = results.filter(({ verdict }) => verdict._tag !== "Caught")
    yield* Console.log(`${results.length - missed.length} of ${results.length} mutants were caught.`)
    for (const { mutant, verdict } of missed) yield* Console.error(`${mutant.name}: ${describeVerdict(verdict)}`)
    if (missed.length > 0 || !isClean) process.exitCode = 1
  })
).pipe(
  Command.withDescription(
    "Removes one guarantee of the system at a time and lets the simulation run until it notices. Ends with 1 if it doesn't."
  )
)

if (import.meta.main) {
  program.pipe(
    Command.run({ version: "0.1.0" }),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain({ disableErrorReporting: true })
  )
}
