import { Effect, FileSystem, Schema } from "effect"
import { join } from "node:path"
import { templateNames } from "../template.ts"
import { besideJson, branchesOf } from "./branches.ts"
import { CheckFailed } from "./CheckFailed.ts"
import { branchesFolder, project, transformedFolder } from "./folders.ts"
import { Tools } from "./toolProcess.ts"

const Text = Schema.fromJsonString(Schema.Json)

/** The paths of all templates, from the project's folder. */
export const templateFiles = templateNames.map((name) => `infra/${name}.yaml`)

/** Has the SAM translator translate all templates, into `.infra/transformed`. */
export const transformTemplates = Effect.fn("transformTemplates")(function*(samPrograms: string) {
  const { pass } = yield* Tools
  const files = yield* FileSystem.FileSystem
  yield* files.makeDirectory(transformedFolder, { recursive: true })
  const script = join(project, "test/infra/check/translate.py")
  yield* pass({ command: join(samPrograms, "python"), arguments: [script, transformedFolder, ...templateFiles] })
}, Effect.catchTag("PlatformError", ({ message }) => Effect.fail(new CheckFailed({ message }))))

/** Writes each translated template, and each branch of it, into `.infra/branches`. Answers with the paths. */
export const writeBranches = Effect.gen(function*() {
  const files = yield* FileSystem.FileSystem
  yield* files.remove(branchesFolder, { recursive: true, force: true })
  yield* files.makeDirectory(branchesFolder, { recursive: true })
  const written = yield* Effect.forEach(templateNames, (name) =>
    Effect.gen(function*() {
      const text = yield* files.readFileString(join(transformedFolder, `${name}.json`))
      const template = yield* Schema.decodeEffect(Text)(text)
      const branches = yield* Effect.try({
        try: () => branchesOf(template),
        catch: (error) => new CheckFailed({ message: `infra/${name}.yaml: ${String(error)}` })
      })
      const all = [
        { file: `${name}.json`, template },
        ...branches.map((branch) => ({ file: `${name},${branch.name}.json`, template: branch.template }))
      ]
      return yield* Effect.forEach(all, ({ file, template }) => {
        const path = join(branchesFolder, file)
        return Effect.as(files.writeFileString(path, JSON.stringify(besideJson(template), undefined, 2)), path)
      })
    }))
  return written.flat()
}).pipe(
  Effect.catchTags({
    PlatformError: ({ message }) => Effect.fail(new CheckFailed({ message })),
    SchemaError: ({ message }) => Effect.fail(new CheckFailed({ message }))
  })
)
