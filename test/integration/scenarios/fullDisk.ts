import { Clock, Effect, Layer, Schedule } from "effect"
import { check } from "../../simulation/checker/check.ts"
import { Client } from "../clients/Client.ts"
import { Known } from "../clients/Known.ts"
import { startWork } from "../clients/workload.ts"
import { isConverged } from "../evidence/convergence.ts"
import { diskEvidence } from "../evidence/diskEvidence.ts"
import { takeEvidence } from "../evidence/takeEvidence.ts"
import { availabilityOf } from "../measure/availability.ts"
import { recoveriesOf } from "../measure/recovery.ts"
import { type Sample, samplesOf } from "../measure/Sample.ts"
import { type Strike, timed } from "../measure/Strike.ts"
import { processes } from "../site/processTable.ts"
import { megabytes, SmallDisk } from "../site/smallDisk.ts"
import type { Outcome } from "./Outcome.ts"
import { untilQuiet, warmUp } from "./peace.ts"
import type { Extent } from "./Scenario.ts"

export const fullDiskName = "full-disk"

const standaloneMemory = Effect.fnUntraced(function*(start?: number) {
  const { pid } = yield* SmallDisk
  const residentBytes = (yield* processes).find((one) => one.pid === pid)?.residentBytes ?? 0
  return [{ program: "standalone program", pid, residentBytes, startBytes: start ?? residentBytes }]
})

/** What was otherwise than it must be while there was no room: a disk that wasn't full, another refusal than 503, a reader who got nothing. */
const findingsOf = (samples: ReadonlyArray<Sample>, { begun, ended }: Strike): ReadonlyArray<string> => {
  const failed = samples.filter((sample) => sample.failed && sample.sent >= begun && sample.sent < ended)
  const without = failed.filter(({ kind }) => kind === "reader without token")
  const others = new Set(failed.map(({ status }) => status).filter((status) => status !== 503))
  return [
    ...(failed.length === 0 ? ["No write was refused: the disk wasn't full."] : []),
    ...(others.size === 0 ? [] : [`Refused otherwise than with 503: ${Array.from(others).join(", ")}.`]),
    ...(without.length === 0 ? [] : [`${without.length} readers without a token got nothing.`])
  ]
}

/**
 * Looks at the database as it lies there, until it has come to say the same everywhere. What was accepted to be decided later,
 * and couldn't be, is swept when it is a minute old.
 */
const judge = Effect.fnUntraced(function*() {
  const disk = yield* SmallDisk
  const { recorder } = yield* Client
  const begun = yield* Clock.currentTimeMillis
  const look = Effect.gen(function*() {
    const copy = yield* disk.copyOfDatabase
    return yield* Effect.provide(
      Effect.gen(function*() {
        const converged = yield* isConverged
        const exchanges = recorder.exchanges()
        return { converged, history: yield* takeEvidence({ scenario: fullDiskName, before: new Set(), exchanges }) }
      }),
      diskEvidence(copy)
    )
  })
  const { converged, history } = yield* Effect.scoped(look).pipe(
    Effect.repeat({ until: ({ converged }) => converged, schedule: Schedule.spaced("5 seconds"), times: 26 })
  )
  return { history, convergedIn: converged ? (yield* Clock.currentTimeMillis) - begun : null }
})

const run = Effect.fnUntraced(function*({ hold }: Extent) {
  const disk = yield* SmallDisk
  const { recorder } = yield* Client
  const before = yield* standaloneMemory()
  const { stop } = yield* startWork(new Known(fullDiskName))
  yield* Effect.sleep(warmUp)
  const fault = Effect.acquireUseRelease(disk.fill, () => Effect.sleep(hold), () => disk.makeRoom)
  const { strike } = yield* timed("end", fault)
  yield* untilQuiet(recorder)
  const stopped = yield* Clock.currentTimeMillis
  yield* stop
  const { convergedIn, history } = yield* judge()
  const samples = samplesOf(recorder.recorded)
  const outcome: Outcome = {
    name: fullDiskName,
    title: `The disk of the standalone program full (${megabytes} MB), then room again`,
    availability: availabilityOf(samples, [strike], stopped),
    recoveries: recoveriesOf(samples, [strike], stopped),
    convergedIn,
    commits: history.log.length,
    violations: check(history),
    findings: findingsOf(samples, strike),
    memory: { before, after: yield* standaloneMemory(before[0]?.startBytes) }
  }
  return outcome
})

/** Fills the disk of the standalone program while people work, and makes room again. */
export const runFullDisk = (extent: Extent) =>
  run(extent).pipe(
    Effect.provide(
      Layer.unwrap(Effect.map(SmallDisk, ({ target }) => Client.layerOf(target))).pipe(
        Layer.provideMerge(SmallDisk.layer)
      )
    ),
    Effect.scoped,
    Effect.timeout("4 minutes")
  )
