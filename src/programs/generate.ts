import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import { fileURLToPath } from "node:url"
import { type GeneratedFile, generatedFiles } from "./generate/generatedFiles.ts"

class Drifted extends Schema.TaggedError<Drifted>()("Drifted", { message: Schema.String }) {}

const placeOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Whether a file had to be written, or would have to be. */
const generate = Effect.fnUntraced(function*({ content, path }: GeneratedFile, check: boolean) {
  const files = yield* FileSystem.FileSystem
  const place = placeOf(path)
  const present = (yield* files.exists(place)) ? yield* files.readFileString(place) : ""
  const wanted = yield* content(present)
  if (wanted === present) return false
  if (check) yield* Console.error(`${path} isn't what the sources say.`)
  else {
    yield* files.writeFileString(place, wanted)
    yield* Console.log(`${path} written.`)
  }
  return true
})

const command = Command.make(
  "generate",
  {
    check: Flag.Boolean("check").pipe(
      Flag.withDescription("Write nothing, and end with 1 if something would be"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function*({ check }) {
    const changed = yield* Effect.forEach(generatedFiles, (file) => generate(file, check))
    if (check && changed.includes(true)) return yield* new Drifted({ message: "Run `npm run generate`." })
  })
).pipe(Command.withDescription("Write what the templates have from the sources"))

if (import.meta.main) {
  command.pipe(
    Command.run({ version: "0.1.0" }),
    Effect.tapErrorTag(["Drifted", "NoPlaceForHash"], ({ message }) => Console.error(message)),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain({ disableErrorReporting: true })
  )
}
