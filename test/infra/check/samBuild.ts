import { Effect, FileSystem } from "effect"
import { basename, join, resolve } from "node:path"
import { bundleLambda, lambdas } from "../../../src/programs/build/bundleLambda.ts"
import { parseTemplate, readTemplate, type Template, templateNames } from "../template.ts"
import { CheckFailed } from "./CheckFailed.ts"
import { buildFolder, project } from "./folders.ts"
import { Tools } from "./toolProcess.ts"

/** A function whose code `sam build` copies: where it is copied from, and where it is copied to. */
interface BuiltFunction {
  readonly name: string
  readonly source: string
  readonly copy: string
}

const codeOf = (template: Template): ReadonlyArray<readonly [name: string, code: string]> =>
  Object.entries(template.Resources).flatMap(([name, { Properties = {}, Type }]) => {
    const { CodeUri } = Properties
    return Type === "AWS::Serverless::Function" && typeof CodeUri === "string" ? [[name, CodeUri]] : []
  })

/** Builds the root template with those that are nested in it, into `.infra/build`. The bundles must be in `dist`. */
export const samBuild = Effect.fn("samBuild")(function*(samPrograms: string) {
  const { pass } = yield* Tools
  const options = ["--template-file", "infra/template.yaml", "--build-dir", buildFolder, "--no-cached"]
  // Its own configuration file would choose an environment to deploy to.
  yield* pass({ command: join(samPrograms, "sam"), arguments: ["build", ...options] })
})

const builtFunctions = Effect.gen(function*() {
  const files = yield* FileSystem.FileSystem
  const root = readTemplate("template")
  const found: Array<BuiltFunction> = []
  for (const [stack, { Properties = {} }] of Object.entries(root.Resources)) {
    const subject = basename(String(Properties["TemplateURL"] ?? ""), ".yaml")
    if (!templateNames.includes(subject)) continue
    const functions = codeOf(readTemplate(subject))
    if (functions.length === 0) continue
    const folder = join(buildFolder, stack)
    const built = new Map(codeOf(parseTemplate(yield* files.readFileString(join(folder, "template.yaml")))))
    for (const [name, code] of functions) {
      const copy = built.get(name)
      if (copy === undefined) return yield* new CheckFailed({ message: `sam build has left out ${stack}'s ${name}` })
      found.push({ name, source: resolve(project, "infra", code), copy: resolve(folder, copy) })
    }
  }
  return found
})

const assertSameFile = Effect.fnUntraced(function*(one: string, other: string) {
  const files = yield* FileSystem.FileSystem
  const [first, second] = yield* Effect.all([files.readFile(one), files.readFile(other)])
  if (Buffer.compare(first, second) === 0) return
  const paths = [one, other].map((path) => path.replace(`${project}/`, ""))
  return yield* new CheckFailed({
    message: `These must be the same, byte for byte, and aren't:\n  ${paths.join("\n  ")}`
  })
})

const filesIn = Effect.fnUntraced(function*(folder: string) {
  const files = yield* FileSystem.FileSystem
  const all = yield* files.readDirectory(folder, { recursive: true })
  const kinds = yield* Effect.forEach(all, (path) => files.stat(join(folder, path)))
  return all.filter((_, place) => kinds[place]?.type === "File").toSorted()
})

/** What is uploaded is what was bundled: no file more, none less, and each the same byte for byte. */
const assertSameFolder = Effect.fnUntraced(function*({ copy, name, source }: BuiltFunction) {
  const [wanted, present] = yield* Effect.all([filesIn(source), filesIn(copy)])
  if (wanted.join() !== present.join()) {
    return yield* new CheckFailed({
      message: `sam build makes of ${name} [${present.join()}] and not [${wanted.join()}]`
    })
  }
  yield* Effect.forEach(wanted, (file) => assertSameFile(join(source, file), join(copy, file)), { discard: true })
})

/**
 * Holds what `sam build` has left against `dist`, and `dist` against a bundle that is made as the runtime's tests make theirs:
 * so what they run is what is deployed.
 */
export const compareBundles = Effect.gen(function*() {
  const files = yield* FileSystem.FileSystem
  const functions = yield* builtFunctions
  const bundled = functions.map(({ source }) => basename(source)).toSorted()
  if (bundled.join() !== lambdas.toSorted().join()) {
    return yield* new CheckFailed({ message: `The templates deploy [${bundled.join()}], and not [${lambdas.join()}]` })
  }
  yield* Effect.forEach(functions, assertSameFolder, { discard: true })
  const folder = yield* files.makeTempDirectoryScoped({ prefix: "marginalia-infra-" })
  for (const name of lambdas) {
    const { file } = yield* Effect.tryPromise({
      try: () => bundleLambda(name, folder),
      catch: (error) => new CheckFailed({ message: `The Lambda ${name} can't be built: ${String(error)}` })
    })
    yield* assertSameFile(file, join(project, "dist", name, "index.mjs"))
  }
  return functions.length
}).pipe(
  Effect.scoped,
  Effect.catchTag("PlatformError", ({ message }) => Effect.fail(new CheckFailed({ message })))
)
