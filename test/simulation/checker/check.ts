import type { History } from "../history/History.ts"
import type { Violation } from "../history/Violation.ts"
import { checkAccepted } from "./accepted.ts"
import { checkContract } from "./contract.ts"
import { checkConvergence } from "./convergence.ts"
import { checkDecisions } from "./decisions.ts"
import { checkExplanations } from "./explanations.ts"
import { checkIdempotency } from "./idempotency.ts"
import { judged } from "./Judged.ts"
import { checkLabels } from "./labels.ts"
import { promises, reporting } from "./promises.ts"
import { checkQueries } from "./queries.ts"
import { checkStatuses } from "./statuses.ts"

/**
 * All promises that a history breaks; none for a right one. Pure, and knows of the system only what its contract says: it
 * shares neither rules nor folds with it.
 */
export const check = (history: History): ReadonlyArray<Violation> => {
  const violations: Array<Violation> = []
  const report = reporting(violations)
  const known = judged(history, report)
  checkAccepted(known, report)
  checkIdempotency(known, report)
  checkStatuses(known, report)
  checkContract(known, report)
  checkLabels(known, report)
  checkDecisions(known, report)
  checkExplanations(known, report)
  checkConvergence(known, report)
  checkQueries(known, report)
  for (const [what, count] of Object.entries(history.held)) {
    if (count !== 0) report(promises.nothingHeld, `${count} of ${what}`)
  }
  return violations.toSorted((one, other) => one.rule - other.rule)
}
