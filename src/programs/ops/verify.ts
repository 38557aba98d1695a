import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { describeDifference } from "../../projections/Difference.ts"
import { Verify } from "../../projections/Verify.ts"
import { makeCounter } from "./counter.ts"
import { NotAllWell } from "./failures.ts"
import { json } from "./flags.ts"
import { comparing } from "./layers.ts"

/** Compares the log with the read model. Ends with 3 if they differ. */
export const verify = Command.make(
  "verify",
  { json },
  Effect.fnUntraced(
    function*({ json }) {
      const { run } = yield* Verify
      const counter = makeCounter()
      const last = yield* run.pipe(
        Stream.tap(({ commits, streams }) => counter.show(`${streams} streams, ${commits} commits`)),
        Stream.runLast,
        Effect.ensuring(counter.end)
      )
      const { commits, differences, streams } = Option.getOrElse(
        last,
        () => ({ commits: 0, streams: 0, differences: [] })
      )
      yield* Effect.forEach(
        differences,
        (difference) => Console.log(json ? JSON.stringify(difference) : describeDifference(difference)),
        { discard: true }
      )
      const compared = `${streams} streams in ${commits} commits were compared with the read model`
      if (differences.length > 0) {
        return yield* new NotAllWell({ message: `${compared}: ${differences.length} differences.` })
      }
      yield* Console.error(`${compared}: no difference.`)
    },
    Effect.provide(comparing)
  )
).pipe(Command.withDescription(
  "Compare the log's heads with the read model's positions, rows and counts; changes nothing, ends with 3 if they differ"
))
