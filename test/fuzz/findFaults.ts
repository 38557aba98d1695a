import { Effect } from "effect"
import { CheckFailed } from "../infra/check/CheckFailed.ts"
import { faults, honest } from "./faultyDocument.ts"
import { serveFaults } from "./faultyServer.ts"
import type { Tally } from "./report.ts"
import { drive } from "./schemathesis.ts"

/** What the checks found at a path, whatever the method. */
const foundAt = (tally: Tally, path: string): ReadonlyArray<string> =>
  [...tally.operations].flatMap(([label, { failed }]) => label.endsWith(` ${path}`) ? [...failed] : [])

// Whether a link is followed is chance that no seed governs.
const examples = 20

/**
 * Has Schemathesis drive a server that fails each check in one place, and fails for each that wasn't found, and for what was
 * found where there is nothing. Answers with how many were.
 */
export const findFaults = Effect.fn("findFaults")(function*(programs: string) {
  const { url } = yield* serveFaults
  const { exitCode, tally } = yield* drive(programs, { name: "faulty", url, examples, seed: 1 })
  const unseen = Object.entries(faults).filter(([check, path]) => !foundAt(tally, path).includes(check))
  const wrong = foundAt(tally, honest)
  const told = [
    ...(exitCode === 1 ? [] : [`schemathesis ended with ${exitCode}, and not with 1`]),
    ...unseen.map(([check, path]) => `${check} doesn't find the fault of ${path}`),
    ...wrong.map((check) => `${check} finds a fault of ${honest}, which has none`)
  ]
  if (told.length > 0) {
    return yield* new CheckFailed({ message: [...told, "What Schemathesis says is in .infra/fuzz/faulty."].join("\n") })
  }
  return Object.keys(faults).length
}, Effect.scoped)
