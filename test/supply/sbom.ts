import { Schema } from "effect"
import type { BundledPackage } from "./licences.ts"
import { isOptional, isProduction, type LockedPackage } from "./lock.ts"

const StringRecord = Schema.Record(Schema.String, Schema.Unknown)

const Component = Schema.StructWithRest(
  Schema.Struct({ "bom-ref": Schema.String, name: Schema.String, version: Schema.String, purl: Schema.String }),
  [StringRecord]
)

// What is read of CycloneDX 1.5: https://cyclonedx.org/docs/1.5/json/
const Bom = Schema.StructWithRest(
  Schema.Struct({
    bomFormat: Schema.Literal("CycloneDX"),
    specVersion: Schema.Literal("1.5"),
    metadata: Schema.StructWithRest(Schema.Struct({ component: Component }), [StringRecord]),
    components: Schema.Array(Component),
    dependencies: Schema.Array(Schema.Struct({ ref: Schema.String, dependsOn: Schema.Array(Schema.String) }))
  }),
  [StringRecord]
)

/** A bill of materials. */
export type Bom = typeof Bom.Type

/** What `npm sbom` printed. */
export const readBom = Schema.decodeUnknownEffect(Schema.fromJsonString(Bom))

const key = (one: { readonly name: string; readonly version: string }): string => `${one.name} ${one.version}`

/** A package that lies in another one as text, and that no lock knows. */
const carriedComponent = ({ licence, name, version }: BundledPackage): typeof Component.Type => ({
  "bom-ref": `${name}@${version}`,
  type: "library",
  name,
  version,
  scope: "required",
  purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
  licenses: [{ license: { id: licence } }]
})

/**
 * Leaves of everything that is locked what a production installation has, and what is in a bundle; what it may have, such as
 * a program for one platform, is optional. `npm sbom --omit=dev`
 * doesn't do: it leaves out whatever *anything* needs for development or as a peer, `effect` among it, be it needed in
 * production as well or not.
 */
export const shippedBom = (
  everything: Bom,
  project: { readonly name: string },
  locked: ReadonlyArray<LockedPackage>,
  bundled: ReadonlyArray<BundledPackage>
): Bom => {
  const shipped = new Set([...locked.filter(isProduction), ...bundled].map(key))
  const optional = new Set(locked.filter(isOptional).map(key).filter((one) => !shipped.has(one)))
  const components = everything.components.flatMap((component) => {
    // npm says so of what anything at all has as an option.
    if (shipped.has(key(component))) return [{ ...component, scope: "required" }]
    return optional.has(key(component)) ? [{ ...component, scope: "optional" }] : []
  })
  const known = new Set(components.map(key))
  const carried = new Map(
    bundled.filter((one) => !known.has(key(one))).map((one) => [key(one), carriedComponent(one)])
  )
  const { component } = everything.metadata
  const all = [...components, ...carried.values()]
  const references = new Set([component, ...all].map((one) => one["bom-ref"]))
  const dependencies = everything.dependencies.filter(({ ref }) => references.has(ref)).map(({ dependsOn, ref }) => ({
    ref,
    dependsOn: dependsOn.filter((one) => references.has(one))
  }))
  return {
    ...everything,
    // npm calls a project without a published name after its folder.
    metadata: { ...everything.metadata, component: { ...component, name: project.name } },
    components: all,
    dependencies
  }
}

/** The packages of bundles that a bill of materials doesn't have, at the version that is bundled. */
export const missingFrom = (bom: Bom, bundled: ReadonlyArray<BundledPackage>): ReadonlyArray<string> => {
  const listed = new Set(bom.components.map(key))
  return [...new Set(bundled.map(key).filter((one) => !listed.has(one)))]
}
