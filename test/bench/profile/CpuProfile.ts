import { Schema } from "effect"

const CallFrame = Schema.Struct({ functionName: Schema.String, url: Schema.String })

/** What V8 writes with `--cpu-prof` (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile). */
export const CpuProfile = Schema.Struct({
  nodes: Schema.Array(Schema.Struct({ id: Schema.Int, callFrame: CallFrame })),
  /** In µs, of the machine's monotonic clock. */
  startTime: Schema.Finite,
  /** The node that was on top at each tick, and how long after the one before, in µs. */
  samples: Schema.Array(Schema.Int),
  timeDeltas: Schema.Array(Schema.Finite)
})
export type CpuProfile = typeof CpuProfile.Type

/** A stretch of the monotonic clock, in µs. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Self time by whatever `keyOf` says of a call frame, in µs, of the ticks within a stretch. */
export const selfTimes = (
  { nodes, samples, startTime, timeDeltas }: CpuProfile,
  { from, to }: Stretch,
  keyOf: (frame: CpuProfile["nodes"][number]["callFrame"]) => string
): ReadonlyMap<string, number> => {
  const keys = new Map(nodes.map(({ callFrame, id }) => [id, keyOf(callFrame)]))
  const times = new Map<string, number>()
  let at = startTime
  for (const [index, delta] of timeDeltas.entries()) {
    at += delta
    const key = keys.get(samples[index] ?? 0)
    if (key === undefined || at < from || at > to) continue
    // A tick stands for the time until the next.
    times.set(key, (times.get(key) ?? 0) + Math.max(0, timeDeltas[index + 1] ?? 0))
  }
  return times
}
