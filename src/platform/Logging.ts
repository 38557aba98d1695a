import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"
import process from "node:process"

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
    process.stderr.write(`${line}\n`)
  })

/**
 * One line for each entry, on standard error, so that what a program prints for a person stays apart. As JSON, what
 * somebody smuggled into a message can't begin a line of its own.
 */
export const layer = ({ logFormat, logLevel }: LogSettings): Layer.Layer<never> =>
  Layer.merge(
    Logger.layer([toStandardError(logFormat === "json" ? Logger.formatJson : Logger.formatLogFmt)]),
    Layer.succeed(References.MinimumLogLevel, logLevel)
  )
