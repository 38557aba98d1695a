import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect } from "effect"
import { Command, Flag } from "effect/cli"
import process from "node:process"
import { makeBundles } from "./builtBundles.ts"
import { audit, licences, sbom } from "./checks.ts"

const required = Flag.Boolean("required").pipe(
  Flag.withDescription("Fail also where the registry gives no advisories, as a release should"),
  Flag.withDefault(false)
)

const check = Flag.Boolean("check").pipe(
  Flag.withDescription("Write nothing, and fail if the page would change"),
  Flag.withDefault(false)
)

const auditCommand = Command.make("audit", { required }, ({ required }) => audit(required)).pipe(
  Command.withDescription("Advisories on what is locked")
)

const licencesCommand = Command.make(
  "licences",
  { check },
  ({ check }) => Effect.flatMap(makeBundles, (bundles) => licences(bundles, check))
).pipe(Command.withDescription("The list of licences, docs/licences.md"))

const sbomCommand = Command.make("sbom", {}, () => Effect.flatMap(makeBundles, sbom)).pipe(
  Command.withDescription("The bill of materials, dist/sbom.cdx.json")
)

const everything = Effect.gen(function*() {
  const [bundles] = yield* Effect.all([makeBundles, audit(false)], { concurrency: "unbounded" })
  yield* licences(bundles, true)
  yield* sbom(bundles)
})

/** The program behind `npm run check:supply`, and its parts. */
const command = Command.make("supply", {}, () => everything).pipe(
  Command.withDescription("Check what is taken from others: advisories, licences, the bill of materials"),
  Command.withSubcommands([auditCommand, licencesCommand, sbomCommand])
)

if (import.meta.main) {
  command.pipe(
    Command.run({ version: "0.1.0" }),
    Effect.catchTag(
      ["SupplyFault", "BuildFailed"],
      ({ message }) =>
        Effect.andThen(
          Console.error(message),
          Effect.sync(() => {
            process.exitCode = 1
          })
        )
    ),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain
  )
}
