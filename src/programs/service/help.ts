import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { argv } from "node:process"
import { type AskedSetting, askedSettings } from "../../platform/askedSettings.ts"

/** The program was started with something that it doesn't know. */
export class ArgumentUnknown extends Schema.TaggedError<ArgumentUnknown>()("ArgumentUnknown", {
  message: Schema.String
}) {}

const lineOf = (width: number) => ({ expected, fallback, variable }: AskedSetting): string => {
  const otherwise = fallback === null ? " (needed)" : fallback === "" ? "" : ` (${fallback})`
  return `  ${variable.padEnd(width)}  ${expected}${otherwise}`
}

const helpOf = (name: string, asked: ReadonlyArray<AskedSetting>): string => {
  const width = Math.max(...asked.map(({ variable }) => variable.length))
  return `The ${name}. Its settings come from the environment; in brackets, what holds where nothing is said.\n\n${
    asked.map(lineOf(width)).join("\n")
  }\n`
}

/** Runs the program, or with `--help` says what may be set in the environment; it takes nothing else. */
export const orHelp = Effect.fnUntraced(function*<E, E2>(
  name: string,
  read: Effect.Effect<unknown, E2>,
  program: Effect.Effect<void, E>
) {
  const [first] = argv.slice(2)
  if (first === undefined) return yield* program
  if (first === "--help" || first === "-h") return yield* Console.log(helpOf(name, yield* askedSettings(read)))
  return yield* new ArgumentUnknown({
    message: "This program takes no arguments but --help: what may be set is set in the environment."
  })
})
