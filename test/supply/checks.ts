import { Console, DateTime, Effect, FileSystem } from "effect"
import { fileURLToPath } from "node:url"
import { judge } from "./audit.ts"
import { allBundled } from "./builtBundles.ts"
import { justifiedAdvisories } from "./justifiedAdvisories.ts"
import { type Bundles, isAllowed, licencePage, licensed } from "./licences.ts"
import { lockedPackages, readProjectFile } from "./lock.ts"
import { npm } from "./npm.ts"
import { missingFrom, readBom, shippedBom } from "./sbom.ts"
import { SupplyFault } from "./SupplyFault.ts"

const placeOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const locked = Effect.sync(() => lockedPackages(readProjectFile("package-lock.json")))

/**
 * Asks the registry for advisories on everything that is locked, for development too. A registry that doesn't say is told of
 * loudly; whether that is a fault is the caller's.
 */
export const audit = Effect.fn("audit")(function*(required: boolean) {
  const answer = yield* npm("audit", "--json", "--fetch-timeout=5000", "--fetch-retries=0")
  const verdict = judge(answer, justifiedAdvisories, DateTime.formatIsoDateUtc(yield* DateTime.now))
  switch (verdict._tag) {
    case "Clean":
      return yield* Console.log(
        `audit: no advisory on ${verdict.packages} packages but ${verdict.justified} that are justified.`
      )
    case "Refused":
      return yield* new SupplyFault({ message: `npm audit:\n  ${verdict.faults.join("\n  ")}` })
    case "NotAudited": {
      const message = `NOTHING WAS AUDITED: the registry gave no advisories (${verdict.why}).`
      if (required) return yield* new SupplyFault({ message })
      yield* Console.error(`\n${message}\nThis says nothing about the packages, neither good nor bad.\n`)
    }
  }
})

const licencesFile = "docs/licences.md"

/** Writes the page of licences, or only compares it; fails for a licence that isn't allowed. */
export const licences = Effect.fn("licences")(function*(bundles: Bundles, check: boolean) {
  const files = yield* FileSystem.FileSystem
  const rows = licensed(yield* locked, bundles)
  const refused = rows.filter(({ licence }) => !isAllowed(licence))
  if (refused.length > 0) {
    const named = refused.map(({ licence, name, version }) => `${name} ${version}: ${licence}`)
    return yield* new SupplyFault({ message: `Licences that aren't allowed:\n  ${named.join("\n  ")}` })
  }
  const page = licencePage(rows)
  if (check && (yield* files.readFileString(placeOf(licencesFile))) !== page) {
    return yield* new SupplyFault({ message: `${licencesFile} is out of date. Run \`npm run licences\`.` })
  }
  if (!check) yield* files.writeFileString(placeOf(licencesFile), page)
  yield* Console.log(`licences: ${rows.length} packages, all allowed, all in ${licencesFile}.`)
})

/** Writes the bill of materials, into `dist/sbom.cdx.json`; fails if something that is bundled isn't in it. */
export const sbom = Effect.fn("sbom")(function*(bundles: Bundles) {
  const files = yield* FileSystem.FileSystem
  const options = ["--package-lock-only", "--include=peer", "--sbom-format=cyclonedx", "--sbom-type=application"]
  const everything = yield* npm("sbom", ...options).pipe(
    Effect.flatMap(readBom),
    Effect.catchTag("SchemaError", ({ message }) => new SupplyFault({ message: `npm sbom: ${message}` }))
  )
  const bundled = allBundled(bundles)
  const bom = shippedBom(everything, { name: "marginalia" }, yield* locked, bundled)
  const missing = missingFrom(bom, bundled)
  if (missing.length > 0) return yield* new SupplyFault({ message: `Not in the SBOM: ${missing.join(", ")}` })
  yield* files.makeDirectory(placeOf("dist"), { recursive: true })
  yield* files.writeFileString(placeOf("dist/sbom.cdx.json"), `${JSON.stringify(bom, undefined, 2)}\n`)
  yield* Console.log(`sbom: ${bom.components.length} packages in dist/sbom.cdx.json, all of the bundles among them.`)
})
