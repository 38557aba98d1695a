import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { contractRows, localRows, standaloneRows } from "../http/permissionTable.ts"
import { hasTest, permissionsOf, threatsOf } from "./threatModel.ts"

const page = readFileSync("docs/security.md", "utf8")
const threats = threatsOf(page, "docs")

const Scripts = Schema.fromJsonString(Schema.Struct({ scripts: Schema.Record(Schema.String, Schema.String) }))
const { scripts } = Schema.decodeSync(Scripts)(readFileSync("package.json", "utf8"))

/** What the page must speak of, whatever else it does: the name of a threat has each of these words. */
const subjects = [
  "Forged token",
  "Misused token",
  "SSRF|elsewhere",
  "Issuer flooded",
  "Development issuer",
  "Address forged",
  "Another's object",
  "New route",
  "Mass assignment",
  "idempotency key",
  "Enumeration",
  "SQL",
  "HTML",
  "log",
  "Terminal escapes",
  "headers",
  "Request smuggling",
  "Too many requests",
  "Limits switched off",
  "Slow clients",
  "Too much at once",
  "Waiting",
  "Cache flooded",
  "Long histories",
  "Cost",
  "Poison",
  "Errors",
  "Logs",
  "Traces and metrics",
  "other origins",
  "Framing",
  "One user's answer",
  "Consistency tokens",
  "wire",
  "Disks and backups",
  "Postgres",
  "cache",
  "AWS",
  "network",
  "container",
  "Secrets",
  "operator",
  "dependency",
  "forgotten"
]

describe("The threat model", () => {
  it("names a test for each threat, or says why it has none", () => {
    assert.isAtLeast(threats.length, subjects.length)
    for (const { name, scripts, tests, untested } of threats) {
      if (untested === undefined) assert.isAbove(tests.length + scripts.length, 0, name)
      else {
        assert.lengthOf(tests, 0, name)
        assert.isAtLeast(untested.split(/\s+/).length, 5, name)
      }
    }
  })

  it("names no test that isn't there by that very name", () => {
    const named = threats.flatMap(({ tests }) => tests)
    assert.isAbove(named.length, threats.length)
    const missing = named.filter(({ file, name }) => !existsSync(file) || !hasTest(readFileSync(file, "utf8"), name))
    assert.deepStrictEqual(missing, [])
  })

  it("names no check that the build doesn't run", () => {
    const build = readFileSync(".ci/run", "utf8")
    for (const script of threats.flatMap((threat) => threat.scripts)) {
      assert.property(scripts, script)
      assert.include(build, `npm run ${script}`)
    }
  })

  it("speaks of all that it must, each threat by a name of its own", () => {
    const names = threats.map(({ name }) => name)
    assert.strictEqual(new Set(names).size, names.length)
    assert.deepStrictEqual(subjects.filter((subject) => !names.some((name) => new RegExp(subject).test(name))), [])
  })

  it("says who may do what as the table of permissions has it, which is tried on every route", () => {
    const rows = [...contractRows, ...localRows, ...standaloneRows].map(({ cells, operation }) => [
      operation.replace(/:(\w+)/g, "{$1}"),
      ...cells.map((cell) => cell.split(" ", 1).join(""))
    ])
    assert.deepStrictEqual(permissionsOf(page), rows)
  })

  it("finds a test by its name and by nothing else", () => {
    const source = [
      "  it.effect(\"is found\", () => {",
      "  it.each([1])(",
      "    \"is found below\",",
      "    () => {",
      "  it(`is found for ${each}`, () => {",
      "  assert.strictEqual(it, \"isn't a test\")",
      "  note(\"isn't one either\")",
      "  // it(\"is written off\", () => {"
    ].join("\n")
    for (const name of ["is found", "is found below", "is found for ${each}"]) {
      assert.isTrue(hasTest(source, name), name)
    }
    for (const name of ["is", "found", "isn't a test", "isn't one either", "is written off", ""]) {
      assert.isFalse(hasTest(source, name), name)
    }
  })
})
