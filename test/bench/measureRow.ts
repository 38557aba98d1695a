import { Console, Effect } from "effect"
import type { Sample } from "./measure/Sample.ts"
import { type LoadOptions, openRow } from "./openRow.ts"
import type { Row } from "./Row.ts"

/** How often and how long each side of a row is measured. */
export interface RoundOptions extends LoadOptions {
  readonly rounds: number
  readonly seconds: number
}

/** What both sides did in one round, one right after the other. */
export interface Round {
  readonly subject: Sample
  readonly twin: Sample
}

// Before the first round both sides run until V8 has compiled what they do: at some hundred requests/s that takes its
// time. Before each window they have had a pause, and the connections are new.
const firstWarmUp = (seconds: number) => ({ warmUpSeconds: Math.min(4, 2 * seconds), seconds: 0.5 })
const warmUpSeconds = 0.5

const show = (row: Row, round: number, rounds: number, side: string, { perSecond, p99Micros }: Sample) =>
  Console.error(
    `${row.name}  round ${round} of ${rounds}  ${side.padEnd(10)}  ${perSecond.toFixed(0)} requests/s, p99 ${
      (p99Micros / 1000).toFixed(2)
    } ms`
  )

/** About how long one row takes, in s. */
export const expectedSeconds = ({ rounds, seconds }: Pick<RoundOptions, "rounds" | "seconds">): number =>
  5 + 2 * (firstWarmUp(seconds).warmUpSeconds + 0.5) + 2 * rounds * (warmUpSeconds + seconds + 0.5)

/** Measures a row in several rounds, each side in turn, so that what the machine does besides falls on both. */
export const measureRow = Effect.fn("measureRow")(function*(row: Row, options: RoundOptions) {
  yield* Console.error(`${row.name}  starting`)
  const { subject, twin } = yield* openRow(row, options)
  const { rounds, seconds } = options
  yield* Effect.andThen(subject(firstWarmUp(seconds)), twin(firstWarmUp(seconds)))
  return yield* Effect.forEach(
    Array.from({ length: rounds }, (_, index) => index + 1),
    (round) =>
      Effect.gen(function*() {
        const window = { warmUpSeconds, seconds }
        const ours = yield* Effect.tap(subject(window), (sample) => show(row, round, rounds, "marginalia", sample))
        const bare = yield* Effect.tap(twin(window), (sample) => show(row, round, rounds, "bare", sample))
        return { subject: ours, twin: bare } satisfies Round
      })
  )
}, Effect.scoped)
