import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { readdirSync } from "node:fs"
import { lockedPackages, readProjectFile } from "./lock.ts"

const Versions = Schema.Record(Schema.String, Schema.String)
const Manifest = Schema.fromJsonString(Schema.Struct({
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  allowScripts: Schema.Record(Schema.String, Schema.Boolean)
}))

const manifest = Schema.decodeSync(Manifest)(readProjectFile("package.json"))
const locked = lockedPackages(readProjectFile("package-lock.json"))

const requirements = readdirSync("test", { recursive: true, encoding: "utf8" })
  .map((path) => `test/${path.replaceAll("\\", "/")}`)
  .filter((path) => /requirements\b[^/]*(?:\/[^/]+)?\.txt$/.test(path))

/** Packages that only another platform would install, of tools for development, whose checksums nobody could ask for here. */
const foreignTools = /^@(?:dprint|effect\/tsgo-|oxlint\/binding-)/

const imagesIn = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^(?:FROM (?:--platform=\S+ )?|\s+image: )(\S+)/gm)].flatMap(([, image]) => image ?? [])

describe("What is taken from others", () => {
  it("is named by one version in package.json, and never by a range, a tag or an address", () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    assert.isNotEmpty(all)
    assert.deepStrictEqual(
      Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)),
      []
    )
  })

  it("is locked at that version", () => {
    const versions = new Map(locked.map(({ place, version }) => [place, version]))
    for (const dependencies of [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies]) {
      for (const [name, version] of Object.entries(dependencies)) {
        assert.strictEqual(versions.get(`node_modules/${name}`), version, name)
      }
    }
  })

  it("has a checksum in the lock, but for tools that other platforms need to develop", () => {
    const without = locked.filter(({ integrity = "" }) => !/^sha512-[\w+/]{86}==$/.test(integrity))
    const unexpected = without.filter((one) =>
      one.dev !== true || one.optional !== true || one.os === undefined || !foreignTools.test(one.name)
    )
    assert.deepStrictEqual(unexpected.map(({ place }) => place), [])
  })

  it("comes from the registry: the lock names no address", () => {
    assert.notMatch(readProjectFile("package-lock.json"), /"resolved"|"link": true|"version": "[^"]*[:/]/)
  })

  it("runs no script at its installation that nobody decided on", () => {
    const decided = Object.keys(manifest.allowScripts)
    const scripts = new Set(locked.filter(({ hasInstallScript }) => hasInstallScript === true).map(({ name }) => name))
    assert.deepStrictEqual([...scripts].filter((name) => !decided.includes(name)), [])
    assert.deepStrictEqual(
      decided.filter((name) => !locked.some((one) => one.name === name)),
      [],
      "allowed, and no longer there"
    )
  })

  it("is at one version for each of Python's packages, and from Python's index", () => {
    assert.isAtLeast(requirements.length, 3)
    for (const file of requirements) {
      const lines = readProjectFile(file).split("\n").map((line) => line.trim())
      const named = lines.filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("--hash="))
      assert.isNotEmpty(named, file)
      assert.deepStrictEqual(
        named.filter((line) => !/^[\w.-]+(?:\[[\w,-]+\])?==[\w.+!]+(?: ; .+| \\)?$/.test(line)),
        [],
        file
      )
    }
  })

  // By tag and not by digest: see docs/security.md.
  it("is an image that is decided on, by a tag that is never the latest", () => {
    assert.deepStrictEqual(imagesIn(readProjectFile("infra/Dockerfile")), [
      "node:24-bookworm-slim",
      "gcr.io/distroless/nodejs24-debian12:nonroot"
    ])
    assert.deepStrictEqual(imagesIn(readProjectFile("docker-compose.yml")), [
      "marginalia",
      "amazon/dynamodb-local:3.1.0",
      "postgres:18-bookworm",
      "redis:8-bookworm"
    ])
  })

  it("is deployed by digest: an image by its tag is refused", () => {
    const template = readProjectFile("infra/services.yaml")
    const [, pattern = ""] = /^ {2}Image:\n(?: {4}.*\n)*? {4}AllowedPattern: (\S+)$/m.exec(template) ?? []
    const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/marginalia"
    assert.match(`${image}@sha256:${"0".repeat(64)}`, new RegExp(pattern))
    for (const other of [`${image}:latest`, image, `docker.io/marginalia@sha256:${"0".repeat(64)}`]) {
      assert.notMatch(other, new RegExp(pattern))
    }
  })

  it("is one revision of nixpkgs, with its checksum", () => {
    const flake = readProjectFile("flake.lock")
    const inputs = [...flake.matchAll(/"locked": \{/g)]
    assert.isNotEmpty(inputs)
    assert.lengthOf([...flake.matchAll(/"rev": "[0-9a-f]{40}"/g)], inputs.length)
    assert.lengthOf([...flake.matchAll(/"narHash": "sha256-[\w+/]{43}="/g)], inputs.length)
  })
})
