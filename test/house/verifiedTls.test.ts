import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"

// The words are put together here, so that this file isn't one that has them.
const option = ["reject", "Unauthorized"].join("")
const variable = ["NODE_TLS", "REJECT_UNAUTHORIZED"].join("_")

/** Whoever says one of these talks to anybody who answers. */
const unverified = [
  new RegExp(`${option}["']?\\]?\\s*[:=](?!\\s*true\\b)`),
  new RegExp(`\\b${variable}\\b`),
  /checkServerIdentity["']?\s*[:=]/,
  /--(?:insecure|no-check-certificate)\b|\bcurl\b.*\s-\w*k\b/,
  /\bstrict-ssl\s*=\s*false\b/
]

const isUnverified = (text: string): boolean => unverified.some((way) => way.test(text))

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:m?[jt]s|json|ya?ml|toml|nix|sh|md|py)$|file$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("\\", "/"))
    // What the benchmark has installed is nobody's here.
    .filter((file) => !file.includes("/node_modules/"))

const own = "test/house/verifiedTls.test.ts"

/** What speaks to somebody, or says who shall, and lies at the root or has no extension: named, so that none can be missed. */
const named = [
  ".ci/run",
  ".npmrc",
  "README.md",
  "docker-compose.yml",
  "flake.nix",
  "infra/Dockerfile",
  "package.json",
  "vitest.config.ts"
]

describe("TLS", () => {
  it.each([
    `tls: { ${option}: false }`,
    `{ "${option}": false }`,
    `options.${option} = isLocal`,
    `options["${option}"] = 0`,
    `{ Name: ${variable}, Value: "0" }`,
    "checkServerIdentity: () => undefined",
    "curl -sk https://example.org",
    "curl --insecure https://example.org",
    ["strict-ssl", "false"].join("=")
  ])("isn't verified by %s", (text) => {
    assert.isTrue(isUnverified(text))
  })

  it.each([`${option}: true`, "curl -s $URL/dev/token -H \"$JSON\"", "ssl: { ca: authorities }"])(
    "is verified by %s",
    (text) => {
      assert.isFalse(isUnverified(text))
    }
  )

  it("is verified everywhere: nothing here talks to anybody who answers", () => {
    const folders = ["src", "test", "infra", "docs"].map(filesBelow)
    for (const files of folders) assert.isNotEmpty(files)
    const files = [...new Set([...folders.flat(), ...named])]
    assert.isAbove(files.length, 500)
    assert.deepStrictEqual(files.filter((file) => file !== own && isUnverified(readFileSync(file, "utf8"))), [])
  })
})
