import { describe } from "./answers.ts"
import type { Judged } from "./Judged.ts"
import { promises, type Report } from "./promises.ts"

// Whoever is to come again is told when.
const comesAgain: ReadonlySet<number> = new Set([409, 429, 503])

/** Every answer says which request it is to, when to come again if it can't be done now, and where to look if it is later. */
export const checkLabels = ({ commands, queries, statuses }: Judged, report: Report): void => {
  for (const { exchange } of [...commands, ...queries, ...statuses]) {
    const { answer, request } = exchange
    if (answer === null) continue
    const { headers, status } = answer
    const named = request.headers["x-request-id"]
    const isNamed = named === undefined || headers["x-request-id"] === named
    const isTimed = !comesAgain.has(status) || /^\d+$/.test(headers["retry-after"] ?? "")
    const isPlaced = status !== 202 ||
      (headers["preference-applied"] === "respond-async" && /^\/commands\/[^/]+$/.test(headers["location"] ?? ""))
    if (!isNamed || !isTimed || !isPlaced) {
      report(promises.wellLabelled, `${describe(answer)} was told with ${JSON.stringify(headers)}`, exchange)
    }
  }
}
