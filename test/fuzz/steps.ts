import { Effect } from "effect"
import { findPythonFrom, makeEnvironment } from "../infra/check/environments.ts"
import { step } from "../infra/check/step.ts"
import { findFaults } from "./findFaults.ts"
import { type Budget, fuzzSubject } from "./fuzzSubject.ts"
import type { Subject } from "./subject.ts"

/** The Python that Schemathesis needs, of major version 3. */
const pythonMinor = 11

/** What is checked, for one program or for several, which are driven at once: whoever draws the cases keeps one processor busy. */
export const makeSteps = Effect.fnUntraced(function*(wanted: ReadonlyArray<Subject>, budget: Budget) {
  const python = yield* step(
    "Python",
    Effect.void,
    () => Effect.map(findPythonFrom(pythonMinor), (version) => ({ value: version, said: version }))
  )
  const schemathesis = yield* step(
    "environment of Schemathesis",
    python.result,
    (version) =>
      Effect.map(makeEnvironment("fuzz", version), ({ isNew, programs }) => ({
        value: programs,
        said: isNew ? "made" : "there already"
      }))
  )
  const faults = yield* step(
    "a server with faults",
    schemathesis.result,
    (programs) =>
      Effect.map(findFaults(programs), (count) => ({
        value: undefined,
        said: `each of ${count} checks finds what it is for`
      }))
  )
  const fuzzed = yield* Effect.forEach(wanted, (subject) =>
    step(
      subject,
      Effect.andThen(Effect.exit(faults.result), schemathesis.result),
      (programs) => Effect.map(fuzzSubject(subject, programs, budget), (said) => ({ value: undefined, said }))
    ))
  return [python, schemathesis, faults, ...fuzzed]
})
