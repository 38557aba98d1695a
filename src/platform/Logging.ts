import * as Cause from "effect/Cause"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"
import * as Result from "effect/Result"
import process from "node:process"
import { loggable, loggableCause } from "./loggable.ts"
import { oneLine } from "./printable.ts"

/** How a program writes its log. */
export interface LogSettings {
  readonly logLevel: LogLevel.LogLevel
  readonly logFormat: "json" | "logfmt"
}

// Not by the console, which isn't ours in a Lambda: the runtime's puts the time and the request's id before each line, so that
// no line is JSON any more, and no metric filter finds anything in it.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
const toStandardError = <Message>(format: Logger.Logger<Message, string>): Logger.Logger<Message, void> =>
  Logger.map(format, (line) => {
    process.stderr.write(`${oneLine(line)}\n`)
  })

// Whoever logs something must not fail because it can't be looked at: a property may throw.
const shown = <A>(look: () => A, instead: A): A => Result.getOrElse(Result.try(look), () => instead)

const unreadable = Cause.die(new Error("what went wrong can't be looked at"))

// Errors come to a log as they are. What they may say of themselves there is decided in one place.
const withoutQuotations = (format: Logger.Logger<unknown, string>): Logger.Logger<unknown, string> =>
  Logger.make((entry) =>
    format.log({
      ...entry,
      message: shown(() => loggable(entry.message), "what was logged can't be looked at"),
      cause: shown(() => loggableCause(entry.cause), unreadable)
    })
  )

/**
 * One line for each entry, on standard error, so that what a program prints for a person stays apart. What somebody smuggled
 * into a message, a key or an error can't begin a line of its own, nor tell a terminal anything.
 */
export const layer = ({ logFormat, logLevel }: LogSettings): Layer.Layer<never> =>
  Layer.merge(
    Logger.layer([toStandardError(withoutQuotations(logFormat === "json" ? Logger.formatJson : Logger.formatLogFmt))]),
    Layer.succeed(References.MinimumLogLevel, logLevel)
  )
