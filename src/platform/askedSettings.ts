import * as ByteSize from "effect/ByteSize"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** A variable that a program asks the environment for. */
export interface AskedSetting {
  readonly variable: string
  /** Ends the sentence "VARIABLE must be …". */
  readonly expected: string
  /** What holds where nothing is said, as one would write it; null if something must be said. */
  readonly fallback: string | null
}

/** Where it is noted what is asked for, while somebody takes notes. */
export const Notes = Context.Reference<Array<AskedSetting> | null>("marginalia/platform/askedSettings/Notes", {
  defaultValue: () => null
})

/** A time as it may be written in a variable. */
export const written = (time: Duration.Duration): string => {
  const millis = Duration.toMillis(time)
  return millis % 1000 === 0 ? `${millis / 1000} seconds` : `${millis} millis`
}

/** A default as one would write it; empty for one that is nothing. */
export const shown = (fallback: unknown): string => {
  if (Duration.isDuration(fallback)) return written(fallback)
  if (ByteSize.isByteSize(fallback)) return ByteSize.format(fallback)
  return typeof fallback === "string" || typeof fallback === "number" ? String(fallback) : ""
}

/** All that a program asks for when it reads its settings, in its order; what the environment has is not looked at. */
export const askedSettings = Effect.fnUntraced(function*<A, E>(read: Effect.Effect<A, E>) {
  const notes: Array<AskedSetting> = []
  yield* read.pipe(
    Effect.provideService(Notes, notes),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({}))
  )
  return notes
})
