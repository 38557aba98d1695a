import { Option, Schema } from "effect"

const LogLine = Schema.fromJsonString(Schema.Struct({ level: Schema.String }))
const readLogLine = Schema.decodeUnknownOption(LogLine)

const fine = ["TRACE", "DEBUG", "INFO", "WARN"]

/**
 * The lines of a program's log that tell of an error: of that level or a graver one, or no log line at all, as what a runtime
 * prints of its own accord before a process dies.
 */
export const errorsIn = (log: string): ReadonlyArray<string> =>
  log.split("\n").filter((line) =>
    line.trim() !== "" && Option.match(readLogLine(line), {
      onNone: () => true,
      onSome: ({ level }) => !fine.includes(level.toUpperCase())
    })
  )
