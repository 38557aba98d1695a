import { Clock, Console, Effect, Schedule } from "effect"
import { availableParallelism } from "node:os"
import { Progress } from "./Progress.ts"
import { inSeedProcess } from "./seedProcess.ts"

/** Seeds of a process: so many that its start is next to nothing, so few that none lives long. */
const seedsAtOnce = 400

/** How long a process may take for one seed, in milliseconds. */
const timeLimit = 5_000

/** Which seeds. */
export interface ManySeeds {
  readonly from: number
  readonly count: number
  readonly operations: number | null
}

const chunksOf = ({ count, from }: ManySeeds) => {
  const size = Math.max(1, Math.min(seedsAtOnce, Math.ceil(count / availableParallelism())))
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => ({
    from: from + index * size,
    count: Math.min(size, count - index * size),
    step: 1
  }))
}

/** Runs seeds in as many processes as there are processors, and says once a second how far it has come. */
export const runMany = Effect.fn("runMany")(function*(many: ManySeeds) {
  const begun = yield* Clock.currentTimeMillis
  const progress = new Progress(many.count)
  const tell = Effect.flatMap(Clock.currentTimeMillis, (now) => Console.error(progress.describe(now - begun)))
  const runChunk = Effect.fnUntraced(function*(seeds: ReturnType<typeof chunksOf>[number]) {
    let last = seeds.from
    const { exitCode, said } = yield* inSeedProcess(
      { seeds, operations: many.operations, untilFailed: false },
      { timeLimit: timeLimit * seeds.count + 10_000 },
      (line) =>
        Effect.sync(() => {
          if (line._tag !== "Over") last = line.seed
          progress.hear(line)
        })
    )
    if (exitCode === 0) return
    const reason = exitCode === null ? "it comes to no end" : `the process ended with ${exitCode}: ${said}`
    progress.hear({ _tag: "Broke", seed: last, reason })
  })
  const telling = Effect.repeat(tell, Schedule.spaced("1 second"))
  const running = Effect.forEach(chunksOf(many), runChunk, { concurrency: availableParallelism(), discard: true })
  yield* Effect.raceFirst(running, telling)
  yield* tell
  return progress
})
