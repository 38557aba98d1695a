import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { lockedPackages, readProjectFile } from "../../supply/lock.ts"

const Manifest = Schema.fromJsonString(
  Schema.Struct({ private: Schema.Literal(true), dependencies: Schema.Record(Schema.String, Schema.String) })
)

const lock = readProjectFile("test/bench/rivals/package-lock.json")
const locked = lockedPackages(lock)
const { dependencies } = Schema.decodeSync(Manifest)(readProjectFile("test/bench/rivals/package.json"))

describe("The packages of what we are measured against", () => {
  it("are named by one version each, and locked at it", () => {
    const versions = new Map(locked.map(({ place, version }) => [place, version]))
    for (const [name, version] of Object.entries(dependencies)) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name)
      assert.strictEqual(versions.get(`node_modules/${name}`), version, name)
    }
  })

  it("have checksums, and come from the registry: the lock names no address", () => {
    assert.deepStrictEqual(locked.filter(({ integrity = "" }) => !/^sha512-[\w+/]{86}==$/.test(integrity)), [])
    assert.notMatch(lock, /"resolved"|"link": true|"version": "[^"]*[:/]/)
  })

  it("run no script at their installation", () => {
    assert.include(readProjectFile("test/bench/rivals/.npmrc"), "ignore-scripts=true")
  })

  it("are no part of the project's own", () => {
    const own = new Set(lockedPackages(readProjectFile("package-lock.json")).map(({ name }) => name))
    const onlyTheirs = ["fastify", "@event-driven-io/emmett", "@castore/core", "@equinox-js/core"]
    assert.deepStrictEqual(onlyTheirs.filter((name) => own.has(name)), [])
  })
})
