import type { ReceivedAnswer } from "../history/History.ts"
import { describe, problemIn } from "./answers.ts"
import type { Judged } from "./Judged.ts"
import { promises, type Report } from "./promises.ts"
import type { Command } from "./requests.ts"

const successOf = { post: 201, edit: 200, delete: 204 } as const
const problems: ReadonlyMap<number, ReadonlySet<string>> = new Map([
  [403, new Set(["insufficient-scope", "not-the-author"])],
  [404, new Set(["comment-not-found"])],
  [409, new Set(["too-much-contention"])],
  [410, new Set(["comment-deleted"])],
  [412, new Set(["version-mismatch"])],
  [422, new Set(["invalid-request", "idempotency-key-reused"])]
])
/** Of these it isn't known here what deserves them: the form of a request, its token, how busy the service is. */
const unjudged: ReadonlySet<number> = new Set([400, 401, 413, 415, 429, 503])

const isRefusedAtOnce = ({ condition, mayWrite, text }: Command): boolean =>
  !mayWrite || text === null || condition === "malformed"

const isKnown = (answer: ReceivedAnswer, command: Command): boolean => {
  if (unjudged.has(answer.status)) {
    return answer.status !== 400 || command.text === null || command.condition === "malformed"
  }
  const problem = problemIn(answer.body)
  if (!command.mayWrite) return problem === "insufficient-scope"
  if (answer.status < 300) {
    return !isRefusedAtOnce(command) && answer.status === (command.isAsync ? 202 : successOf[command.kind])
  }
  if (command.text === null) return problem === "invalid-request"
  return !isRefusedAtOnce(command) && problem !== "invalid-request" && problem !== "insufficient-scope" &&
    problems.get(answer.status)?.has(problem ?? "") === true
}

const ofQueries: ReadonlySet<number> = new Set([200, 304, 400, 401, 403, 404, 410, 429, 503])

const inCalm: ReadonlySet<number> = new Set([200, 403, 404, 410])

const checkCalm = ({ history: { calmFrom = Infinity }, queries }: Judged, report: Report): void => {
  for (const { exchange } of queries) {
    const { answer, request, sent } = exchange
    if (sent.tick <= calmFrom || (answer !== null && inCalm.has(answer.status))) continue
    report(promises.answeredInCalm, `${request.path} got ${describe(answer)}`, exchange)
  }
}

/** Every answer is one that the contract has for such a request, whatever became of the comment. */
export const checkContract = (judged: Judged, report: Report): void => {
  const { commands, queries, statuses } = judged
  checkCalm(judged, report)
  for (const { exchange } of [...queries, ...statuses]) {
    const { answer, request } = exchange
    if (answer === null || ofQueries.has(answer.status)) continue
    report(promises.knownAnswer, `${request.path} got ${describe(answer)}`, exchange)
  }
  for (const command of commands) {
    const { answer } = command.exchange
    if (answer === null || isKnown(answer, command)) continue
    report(promises.knownAnswer, `${command.kind} got ${describe(answer)}`, command.exchange)
  }
}
