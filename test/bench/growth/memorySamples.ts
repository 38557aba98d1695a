import { Schema } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { medianOf } from "../measure/spread.ts"

/** What a process had in memory at a time, in bytes. */
export const MemorySample = Schema.Struct({
  name: Schema.String,
  /** In milliseconds since the epoch. */
  at: Schema.Finite,
  rss: Schema.Finite,
  heapUsed: Schema.Finite
})
export type MemorySample = typeof MemorySample.Type

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(MemorySample))

/** What the probes of a run have written, by the names of the programs, from a time on. */
export const readSamples = (folder: string, from: number): ReadonlyMap<string, ReadonlyArray<MemorySample>> => {
  const samples = readdirSync(folder)
    .flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n").filter((line) => line.endsWith("}")))
    .map((line) => decode(line))
    .filter(({ at }) => at >= from)
    .toSorted((one, other) => one.at - other.at)
  return Map.groupBy(samples, ({ name }) => name)
}

/** A part of a run, and what a process had in it at least: what a collection of garbage left. */
export interface MemoryWindow {
  /** The window's middle, in s since the load began. */
  readonly seconds: number
  readonly rss: number
  readonly heap: number
}

/** The lowest of each window of so many seconds. Between collections a heap grows; what stays is what counts. */
export const windowsOf = (
  samples: ReadonlyArray<MemorySample>,
  from: number,
  windowSeconds: number
): ReadonlyArray<MemoryWindow> =>
  Array.from(
    Map.groupBy(samples, ({ at }) => Math.floor((at - from) / (windowSeconds * 1000))),
    ([window, found]) => ({
      seconds: (window + 0.5) * windowSeconds,
      rss: Math.min(...found.map(({ rss }) => rss)),
      heap: Math.min(...found.map(({ heapUsed }) => heapUsed))
    })
  ).toSorted((one, other) => one.seconds - other.seconds)

/** By how much the last third of the windows lies above the second third. The first is left to warming up. */
export const growthAtEnd = (windows: ReadonlyArray<MemoryWindow>, of: (window: MemoryWindow) => number): number => {
  const third = Math.floor(windows.length / 3)
  const middle = medianOf(windows.slice(third, 2 * third).map(of))
  const end = medianOf(windows.slice(-Math.max(1, third)).map(of))
  return end / middle
}
