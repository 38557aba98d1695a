import type { Answering } from "./Answering.ts"
import type { Answer } from "./Document.ts"
import { problemAnswer, problemMediaType } from "./problemAnswers.ts"
import { problemExamples } from "./problems.ts"
import { notModified, successAnswer } from "./successAnswers.ts"

// What may be answered to anything: the method where a service is asked past the entry point; a request that is too slow or
// too large; a fault of ours. And an address whose parameter is empty leads nowhere, or can't be decoded.
const anywhere = ["method-not-allowed", "request-timeout", "request-header-fields-too-large", "internal-error"]
const withParameters = ["malformed-request", "route-not-found"]

const problemsOf = (operation: Answering): ReadonlyMap<number, ReadonlyArray<string>> => {
  const { path, problemsIn, responses, scopes } = operation
  const names = new Set([
    ...Object.values(responses).flatMap(({ content }) => problemsIn(content)),
    ...anywhere,
    ...(path.includes("{") ? withParameters : [])
  ])
  // Authentication may answer so, but not where any valid token will do.
  if (scopes.length === 0) names.delete("insufficient-scope")
  return Map.groupBy(names, (name) => problemExamples().get(name)?.status ?? 500)
}

/** Everything that an operation may be answered with, by status. */
export const answersOf = (operation: Answering): Readonly<Record<string, Answer>> => {
  const answers: Record<string, Answer> = {}
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response.content !== undefined && problemMediaType in response.content) continue
    answers[status] = successAnswer(operation, Number(status), response)
    if (operation.method === "get" && response.headers !== undefined && "etag" in response.headers) {
      answers["304"] = notModified(operation, response)
    }
  }
  for (const [status, names] of problemsOf(operation)) answers[status] = problemAnswer(operation, status, names)
  return answers
}
