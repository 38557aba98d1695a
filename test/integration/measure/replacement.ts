import type { UserKind } from "../clients/Recorder.ts"
import type { Sample } from "./Sample.ts"
import type { Strike } from "./Strike.ts"

/** A program that was replaced by another, while people were coming to it. */
export interface Replacement {
  readonly program: string
  /** Who comes to it. */
  readonly users: ReadonlyArray<UserKind>
  /** From when on another was started until the old one had ended. */
  readonly strike: Strike
  /** When the old one was told to end, in milliseconds. */
  readonly told: number
}

/**
 * What shows that a replacement was seen, or that nobody was there to see it, as sentences: some wait for an answer when the old
 * one is told to end, and nobody who comes meanwhile is failed.
 */
export const findingsOfReplacement = (
  samples: ReadonlyArray<Sample>,
  { program, strike: { begun, ended }, told, users }: Replacement
): ReadonlyArray<string> => {
  const own = samples.filter(({ kind }) => users.includes(kind))
  const waiting = own.filter(({ sent, took }) => sent < told && sent + took > told)
  const failed = own.filter((sample) => sample.failed && sample.sent >= begun && sample.sent < ended)
  return [
    ...(waiting.length === 0 ? [`Nobody waited for the ${program} when it was told to end.`] : []),
    ...(failed.length === 0 ? [] : [`${failed.length} requests failed while the ${program} was replaced.`])
  ]
}
