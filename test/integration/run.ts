import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, Config, Console, Duration, Effect, FileSystem, Option, Schema } from "effect"
import { CliError, Command, Flag } from "effect/cli"
import { fileURLToPath } from "node:url"
import { thisMachine } from "../bench/report/Machine.ts"
import { percent, recoveries, together } from "./report/figures.ts"
import { renderReport, renderTables } from "./report/render.ts"
import { fullDiskName, runFullDisk } from "./scenarios/fullDisk.ts"
import { complaintsOf, type Outcome } from "./scenarios/Outcome.ts"
import { runScenario } from "./scenarios/runScenario.ts"
import type { Extent, Scenario } from "./scenarios/Scenario.ts"
import { scenarios } from "./scenarios/scenarios.ts"
import { Site } from "./site/Site.ts"
import { needsNamespaces } from "./site/smallDisk.ts"

/** A promise was broken, or a fault couldn't be made; the message says which. */
class FaultsFailed extends Schema.TaggedError<FaultsFailed>()("FaultsFailed", { message: Schema.String }) {}

const page = fileURLToPath(new URL("../../docs/reliability.md", import.meta.url))

const names: ReadonlyArray<string> = [...scenarios.map(({ name }) => name), fullDiskName]
const usualSeconds = 4
const times = 3

const isName = Schema.makeFilter((name: string) => names.includes(name), { message: `one of ${names.join(", ")}` })

const flags = {
  asked: Flag.String("only").pipe(
    Flag.withDescription(`A fault in place of all; may be given more than once: ${names.join(", ")}`),
    Flag.withSchema(Schema.String.check(isName)),
    Flag.atLeast(0)
  ),
  seconds: Flag.Int("seconds").pipe(
    Flag.withDescription("How long a fault lasts that isn't a kill, and how long there is peace between two"),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 }))),
    Flag.withDefault(usualSeconds)
  )
}

const told = (outcome: Outcome) => {
  const complaints = complaintsOf(outcome)
  const answered = percent(together(outcome.availability.map(({ all }) => all)))
  return Console.log(
    `  answered ${answered}, recovered after ${recoveries(outcome.recoveries)}, ` +
      (complaints.length === 0 ? "all promises kept" : `BROKEN:\n    ${complaints.slice(0, 10).join("\n    ")}`)
  )
}

const onSite = Effect.fnUntraced(
  function*(chosen: ReadonlyArray<Scenario>, extent: Extent) {
    const { dynamoSoftware } = yield* Site
    const outcomes = yield* Effect.forEach(
      chosen,
      (scenario, index) =>
        Console.log(`${index + 1} of ${chosen.length}: ${scenario.title}`).pipe(
          Effect.andThen(runScenario(scenario, extent)),
          Effect.tap(told),
          Effect.mapError((error) => new FaultsFailed({ message: `${scenario.name} broke off: ${String(error)}` }))
        )
    )
    return { dynamoSoftware, outcomes }
  },
  Effect.provide(Site.layer),
  Effect.scoped
)

/** What can't be run is said; on a build server, that fails the run. */
const onSmallDisk = Effect.fnUntraced(function*(extent: Extent) {
  const missing = yield* needsNamespaces
  if (missing === undefined) {
    yield* Console.log("The disk of the standalone program full")
    return yield* Effect.tap(runFullDisk(extent), told).pipe(
      Effect.mapError((error) => new FaultsFailed({ message: `${fullDiskName} broke off: ${String(error)}` }))
    )
  }
  if (Option.isSome(yield* Config.option(Config.NonEmptyString("CI")))) {
    return yield* new FaultsFailed({ message: missing })
  }
  yield* Console.error(`\n${missing}\nThe full disk is SKIPPED.\n`)
  return missing
})

const faults = Command.make(
  "faults",
  flags,
  Effect.fnUntraced(function*({ asked, seconds }) {
    const extent: Extent = { hold: Duration.seconds(seconds), times }
    const chosen = scenarios.filter(({ name }) => asked.length === 0 || asked.includes(name))
    const { dynamoSoftware, outcomes: site } = chosen.length === 0
      ? { dynamoSoftware: "", outcomes: [] }
      : yield* onSite(chosen, extent)
    const fullDisk = asked.length === 0 || asked.includes(fullDiskName)
      ? yield* onSmallDisk(extent)
      : "It wasn't asked for."
    if (asked.length === 0 && seconds === usualSeconds) {
      const at = yield* Clock.currentTimeMillis
      const files = yield* FileSystem.FileSystem
      const report = { machine: thisMachine(), at, extent, dynamoSoftware, site, fullDisk }
      yield* files.writeFileString(page, renderReport(report))
      yield* Console.log("\ndocs/reliability.md is written.")
    } else yield* Console.log(`\n${renderTables({ site, fullDisk })}`)
    const all = typeof fullDisk === "string" ? site : [...site, fullDisk]
    const broken = all.filter((outcome) => complaintsOf(outcome).length > 0).map(({ name }) => name)
    if (broken.length > 0) return yield* new FaultsFailed({ message: `Promises were broken in ${broken.join(", ")}.` })
  })
).pipe(
  Command.withDescription(
    "Break every part of the local stack in every way while people work on it, and judge what they saw and what became of what they wrote. " +
      "Run whole, it writes docs/reliability.md."
  )
)

faults.pipe(
  Command.run({ version: "0.1.0" }),
  // Whoever is shown how it is used has been told why already.
  Effect.tapError((error) => CliError.isCliError(error) ? Effect.void : Console.error(error.message)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
