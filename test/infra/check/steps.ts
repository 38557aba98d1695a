import { Effect, type FileSystem } from "effect"
import { join } from "node:path"
import process from "node:process"
import { checkPolicies } from "./checkov.ts"
import { type Environment, findPython, makeEnvironment } from "./environments.ts"
import { project } from "./folders.ts"
import { compareBundles, samBuild } from "./samBuild.ts"
import { checkShell } from "./shell.ts"
import { type Step, step } from "./step.ts"
import { Tools } from "./toolProcess.ts"
import { templateFiles, transformTemplates, writeBranches } from "./transform.ts"

const told = (said: string) => ({ value: undefined, said })

const environment = (name: Environment) => (python: string) =>
  Effect.map(makeEnvironment(name, python), ({ isNew, programs }) => ({
    value: programs,
    said: isNew ? "made" : "there already"
  }))

const pass = (command: string, ...words: ReadonlyArray<string>) =>
  Tools.use(({ pass }) => pass({ command, arguments: words }))

const node = (...words: ReadonlyArray<string>) => pass(process.execPath, ...words)

const lint = (programs: string, files: ReadonlyArray<string>) =>
  Effect.as(pass(join(programs, "cfn-lint"), "--", ...files), told(`${files.length} files`))

const validate = (programs: string) => {
  const script = join(project, "test/infra/check/validate.py")
  return Effect.as(pass(join(programs, "python"), script, ...templateFiles), told(`${templateFiles.length} templates`))
}

const composeSchema = ["--builtin-schema", "vendor.compose-spec"]

const checkCompose = (programs: string) =>
  Effect.as(
    pass(join(programs, "check-jsonschema"), ...composeSchema, "docker-compose.yml"),
    told("as the Compose Specification says")
  )

const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/infra/vitest.config.ts"]

const countOf = (output: string): string => /Tests +(?<count>.*)/.exec(output)?.groups?.["count"] ?? "no test"

/** All that is checked, each as soon as what it needs is there. Those that stand first get a processor first. */
export const makeSteps = Effect.gen(function*() {
  const python = yield* step(
    "Python",
    Effect.void,
    () => Effect.map(findPython, (version) => ({ value: version, said: version }))
  )
  const bundles = yield* step(
    "npm run build",
    Effect.void,
    () => Effect.as(node("src/programs/build.ts"), told("in dist"))
  )
  const sam = yield* step("environment of the SAM CLI", python.result, environment("sam"))
  const linters = yield* step("environment of the linters", python.result, environment("lint"))
  const checkov = yield* step("environment of checkov", python.result, environment("checkov"))

  const translated = yield* step(
    "SAM translator",
    sam.result,
    (programs) =>
      Effect.as(transformTemplates(programs), told(`${templateFiles.length} templates, in .infra/transformed`))
  )
  const branches = yield* step(
    "branches of conditions",
    translated.result,
    () => Effect.map(writeBranches, (files) => ({ value: files, said: `${files.length} files, in .infra/branches` }))
  )
  const assertions = yield* step(
    "assertions",
    Effect.all([translated.result, bundles.result]),
    () => Effect.map(node(...vitest, "--reporter", "dot", "--silent"), (output) => told(countOf(output)))
  )

  // What is short comes after what the longest waits for, which would wait for a processor, too.
  const lintersThen = Effect.andThen(Effect.exit(translated.result), linters.result)
  const checkovThen = Effect.andThen(Effect.exit(translated.result), checkov.result)

  const builds = Effect.all([sam.result, bundles.result])
  const built = yield* step("sam build", builds, ([programs]) => Effect.as(samBuild(programs), told("in .infra/build")))
  const compared = yield* step(
    "what sam build left is what the tests run",
    built.result,
    () => Effect.map(compareBundles, (count) => told(`${count} bundles, byte for byte`))
  )

  const validated = yield* step("sam validate --lint", sam.result, validate)
  const linted = yield* step("cfn-lint, templates", lintersThen, (programs) => lint(programs, templateFiles))
  const lintable = Effect.all([linters.result, branches.result])
  const lintedBranches = yield* step(
    "cfn-lint, translated, each branch",
    lintable,
    ([programs, files]) => lint(programs, files)
  )
  const policies = yield* step(
    "checkov",
    checkovThen,
    (programs) =>
      Effect.map(
        checkPolicies(programs),
        ({ passed, suppressed }) => told(`${passed} passed, ${suppressed} suppressed, each with its reason`)
      )
  )
  const compose = yield* step("docker-compose.yml", lintersThen, checkCompose)
  const shell = yield* step(
    "shell",
    lintersThen,
    (programs) => Effect.map(checkShell(programs), (count) => told(`${count} programs`))
  )

  const steps: ReadonlyArray<Step<unknown, FileSystem.FileSystem | Tools>> = [
    python,
    bundles,
    sam,
    linters,
    checkov,
    translated,
    branches,
    assertions,
    built,
    compared,
    validated,
    linted,
    lintedBranches,
    policies,
    compose,
    shell
  ]
  return steps
})
