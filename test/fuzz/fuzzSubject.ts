import { Effect, Result } from "effect"
import { CheckFailed } from "../infra/check/CheckFailed.ts"
import { servedOperations } from "./document.ts"
import { drive } from "./schemathesis.ts"
import { startSubject, type Subject } from "./subject.ts"
import { faultsOf } from "./verdict.ts"

/** How much is asked of Schemathesis. */
export interface Budget {
  /** How many cases there must be for each program. */
  readonly cases: number
  readonly seed: number
}

// How many cases an example for each operation comes to, rounded down: a way through several operations is several cases, and
// what has few forms is drawn less often. Whatever was made is counted in the end.
const casesOfExample = 11

/** Starts a program, has every operation of its document driven, and ends it. Answers with what a person is told. */
export const fuzzSubject = Effect.fn("fuzzSubject")(
  function*(subject: Subject, programs: string, { cases, seed }: Budget) {
    const { assertHealthy, end, url } = yield* startSubject(subject)
    const operations = yield* servedOperations(url)
    const examples = Math.ceil(cases / casesOfExample)
    const driven = yield* drive(programs, { name: subject, url, examples, seed })
    // Whatever was found, what the program itself says of it is worth reading, too.
    const afterwards = yield* Effect.result(assertHealthy)
    const ended = yield* Effect.result(end)
    const said = [afterwards, ended].flatMap((one) => Result.isFailure(one) ? [one.failure.message] : [])
    const faults = [...faultsOf(driven, { cases, operations }), ...said]
    if (Result.isFailure(afterwards) || faults.length > 0) {
      return yield* new CheckFailed({ message: faults.join("\n\n") })
    }

    const { cases: made, statuses } = driven.tally
    const answers = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`)
    return `${made} cases of ${operations.length} operations with the seed ${seed}, ${afterwards.success} MB (${
      answers.join(", ")
    })`
  },
  Effect.scoped
)
