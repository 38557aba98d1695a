import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"

/** How a program writes its log. */
export interface LogSettings {
  readonly logLevel: LogLevel.LogLevel
  readonly logFormat: "json" | "logfmt"
}

/**
 * One line for each entry, on standard error, so that what a program prints for a person stays apart. As JSON, what
 * somebody smuggled into a message can't begin a line of its own.
 */
export const layer = ({ logFormat, logLevel }: LogSettings): Layer.Layer<never> =>
  Layer.merge(
    Logger.layer([Logger.withConsoleError(logFormat === "json" ? Logger.formatJson : Logger.formatLogFmt)]),
    Layer.succeed(References.MinimumLogLevel, logLevel)
  )
