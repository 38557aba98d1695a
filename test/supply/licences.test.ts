import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { legalComments } from "../../src/programs/build/licenceTexts.ts"
import { noticesFile } from "../../src/programs/build/thirdParty.ts"
import { ask } from "../engines/ask.ts"
import { allBundled, bundlesIn } from "./builtBundles.ts"
import { isAllowed, licencePage, licensed } from "./licences.ts"
import { isProduction, lockedPackages, readProjectFile } from "./lock.ts"

const locked = lockedPackages(readProjectFile("package-lock.json"))

const bundles = Effect.map(Effect.all([ask("services"), ask("lambdas")]), ([services, lambdas]) => ({
  services,
  lambdas,
  bundled: bundlesIn(services, lambdas)
}))

/** The packages whose sources a source map names. */
const packagesIn = (sourceMap: string): ReadonlyArray<string> =>
  [...new Set([...sourceMap.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].flatMap(([, name]) => name ?? []))]
    .toSorted()

describe("A licence", () => {
  it.each(["MIT", "0BSD", "(MIT OR GPL-3.0-only)", "MIT AND (ISC OR Apache-2.0)", "Apache-2.0"])(
    "is allowed as %s",
    (expression) => {
      assert.isTrue(isAllowed(expression))
    }
  )

  it.each([
    "",
    "UNKNOWN",
    "UNLICENSED",
    "GPL-3.0-only",
    "AGPL-3.0-or-later",
    "MPL-2.0",
    "MIT AND GPL-2.0-only",
    "MIT OR",
    "(MIT",
    "MIT)",
    "MIT ISC",
    "Apache-2.0 WITH LLVM-exception",
    "SEE LICENSE IN LICENSE.md"
  ])("is refused as \"%s\"", (expression) => {
    assert.isFalse(isAllowed(expression))
  })

  it.live("is allowed for every package that is installed in production or bundled, and all are listed", () =>
    Effect.gen(function*() {
      const { bundled } = yield* bundles
      const rows = licensed(locked, bundled)
      assert.deepStrictEqual(rows.filter(({ licence }) => !isAllowed(licence)), [])
      const listed = new Set(rows.map(({ name, version }) => `${name} ${version}`))
      const expected = [...locked.filter(isProduction), ...allBundled(bundled)]
      assert.includeMembers([...listed], expected.map(({ name, version }) => `${name} ${version}`))
      assert.strictEqual(readProjectFile("docs/licences.md"), licencePage(rows), "run `npm run licences`")
    }))
})

describe("The notices beside a bundle", () => {
  it("keep the comments that speak of a copyright or a licence, and no others", () => {
    const source = [
      "/* A plain comment. */",
      "/* Copyright 2020 Somebody */",
      "/*!\n * Thing | MIT License | (c) Somebody\n */",
      "// taken from https://example.org/thing",
      "// under the MIT license",
      "const licence = 1 // the licence",
      "/** Sets the licence. */"
    ].join("\n")
    assert.deepStrictEqual(legalComments(source), [
      "Copyright 2020 Somebody",
      "Thing | MIT License | (c) Somebody",
      "taken from https://example.org/thing\nunder the MIT license"
    ])
  })

  it.live("name every package whose sources the bundle's map names", () =>
    Effect.gen(function*() {
      const { bundled, lambdas } = yield* bundles
      const names = bundled.lambdas.map(({ name }) => name)
      const mapped = readdirSync(lambdas).map((name) => readFileSync(join(lambdas, name, "index.mjs.map"), "utf8"))
      assert.isNotEmpty(mapped)
      assert.includeMembers(names, mapped.flatMap(packagesIn))
    }))

  it.live("carry a licence for every package that came with one, and name those that came without", () =>
    Effect.gen(function*() {
      const { bundled, services } = yield* bundles
      const notices = readFileSync(join(services, noticesFile), "utf8")
      const [, ...texts] = notices.split(/^-{100}$/m)
      const [silent = [], ...others] = texts.toReversed().map((text) => text.trim().split("\n", 1).join("").split(", "))
      // One lies in effect as text, off which its makers took the licence. The others name Apache's, whose text is there.
      assert.deepStrictEqual(silent.map((one) => one.split(" ", 1).join("")), [
        "@aws-sdk/credential-provider-http",
        "@aws-sdk/credential-provider-login",
        "@aws-sdk/nested-clients",
        "@scalar/api-reference"
      ])
      assert.sameMembers(
        [...new Set([...silent, ...others.flat()])],
        bundled.image.map(({ name, version }) => `${name} ${version}`)
      )
      assert.include(notices, "Apache License\n                           Version 2.0, January 2004")
      // Of effect's own, of es-toolkit in ioredis, and of what effect/Random is derived from.
      for (const words of ["Effectful Technologies", "Viva Republica", "William P. \"Mac\" McMeans"]) {
        assert.include(notices, words)
      }
    }))
})

describe("The container image", () => {
  it.live("holds the programs, what they share, certificates and licences, and nothing else", () =>
    Effect.gen(function*() {
      const folder = yield* ask("services")
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()
      assert.deepStrictEqual(files.filter((file) => !file.startsWith("chunks/")), [
        noticesFile,
        "chunks",
        "command-service.mjs",
        "entry.mjs",
        "ops.mjs",
        "query-service.mjs",
        "rds.pem",
        "stream-poller.mjs"
      ])
      const shared = files.filter((file) => file.startsWith("chunks/"))
      assert.deepStrictEqual(shared.filter((file) => !/^chunks\/[\w-]+\.mjs$/.test(file)), [])
      const bytes = files.map((file) => statSync(join(folder, file))).filter((one) => one.isFile())
        .reduce((sum, { size }) => sum + size, 0)
      // Three of them are the page of the documentation, which loads nothing from elsewhere.
      assert.isBelow(bytes, 6_000_000)
    }))

  it("has a base without a shell, a user by number that isn't root, and runs nothing to be made", () => {
    const dockerfile = readProjectFile("infra/Dockerfile")
    const [, ...stages] = dockerfile.split(/^(?=FROM )/m)
    const last = (stages.at(-1) ?? "").split("\n").filter((line) => /^[A-Z]+ /.test(line))
    assert.match(last[0] ?? "", /^FROM gcr\.io\/distroless\/nodejs24-debian12:nonroot$/)
    assert.deepStrictEqual(last.slice(1).map((line) => line.split(" ", 1).join("")), [
      "WORKDIR",
      "COPY",
      "COPY",
      "ENV",
      "EXPOSE",
      "USER",
      "CMD"
    ])
    assert.include(last, "COPY LICENSE ./")
    assert.include(last, "COPY --from=build /build/dist/services ./")
    assert.include(last, "USER 65532:65532")
  })

  it("is made of the sources, the lock and the licence: nothing else of the folder is sent to be built", () => {
    assert.deepStrictEqual(readProjectFile(".dockerignore").trim().split("\n"), [
      "*",
      "!package.json",
      "!package-lock.json",
      "!.npmrc",
      "!tsconfig.json",
      "!src",
      "!LICENSE"
    ])
  })
})
