import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { ask } from "../engines/ask.ts"
import { allBundled, bundlesIn } from "./builtBundles.ts"
import { isOptional, isProduction, lockedPackages, readProjectFile } from "./lock.ts"
import { npm } from "./npm.ts"
import { missingFrom, readBom, shippedBom } from "./sbom.ts"

const locked = lockedPackages(readProjectFile("package-lock.json"))
const options = ["--package-lock-only", "--include=peer", "--sbom-format=cyclonedx", "--sbom-type=application"]

// npm is run once.
const made = Effect.runSync(Effect.cached(Effect.gen(function*() {
  const [services, lambdas] = yield* Effect.all([ask("services"), ask("lambdas")])
  const bundled = allBundled(bundlesIn(services, lambdas))
  const everything = yield* Effect.flatMap(npm("sbom", ...options), readBom)
  return { bundled, everything, bom: shippedBom(everything, { name: "marginalia" }, locked, bundled) }
})))

const identity = ({ name, version }: { readonly name: string; readonly version: string }) => `${name}@${version}`

describe("The bill of materials", () => {
  it.live("has everything that is bundled or installed in production, at its version, and nothing else", () =>
    Effect.gen(function*() {
      const { bom, bundled } = yield* made
      const expected = new Set(
        [...locked.filter((one) => isProduction(one) || isOptional(one)), ...bundled].map(identity)
      )
      assert.sameMembers(bom.components.map(identity), [...expected])
      assert.include(bom.components.map(identity), "effect@4.1.0")
      const required = new Set([...locked.filter(isProduction), ...bundled].map(identity))
      const optional = bom.components.filter(({ scope }) => scope === "optional").map(identity)
      assert.sameMembers(optional, [...expected].filter((one) => !required.has(one)))
      assert.isTrue(optional.some((one) => one.startsWith("@dynoxide/linux-x64@")), "what is for one platform, too")
      assert.deepStrictEqual(missingFrom(bom, bundled), [])
      const [first, ...others] = bom.components
      assert.deepStrictEqual(missingFrom({ ...bom, components: others }, bundled), [
        `${first?.name} ${first?.version}`
      ])
    }))

  it.live("is CycloneDX whose references lead somewhere, with the checksums of the lock", () =>
    Effect.gen(function*() {
      const { bom } = yield* made
      const Hash = Schema.Struct({ alg: Schema.Literal("SHA-512"), content: Schema.String })
      const Hashed = Schema.Struct({ name: Schema.String, version: Schema.String, hashes: Schema.Array(Hash) })
      const references = [bom.metadata.component, ...bom.components].map((one) => one["bom-ref"])
      assert.strictEqual(new Set(references).size, references.length)
      assert.includeMembers(references, bom.dependencies.flatMap(({ dependsOn, ref }) => [ref, ...dependsOn]))
      assert.strictEqual(bom.metadata.component.purl, "pkg:npm/marginalia@0.1.0")
      for (const component of bom.components) {
        // What lies in another package as text has no tarball of its own.
        if (component.name === "@scalar/api-reference") continue
        const { hashes, name, version } = yield* Schema.decodeUnknownEffect(Hashed)(component)
        const { integrity = "" } = locked.find((one) => one.name === name && one.version === version) ?? {}
        assert.deepStrictEqual(hashes.map(({ content }) => Buffer.from(content, "hex").toString("base64")), [
          integrity.replace("sha512-", "")
        ])
      }
    }))
})
