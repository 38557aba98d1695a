import type { Answering } from "./Answering.ts"
import type { Answer } from "./Document.ts"
import { optional } from "./headers.ts"
import { problemAnswer, problemMediaType } from "./problemAnswers.ts"
import { problemExamples } from "./problems.ts"
import { notModified, successAnswer } from "./successAnswers.ts"

// What may be answered to anything: a request without a host; the method, where a service is asked past the entry point; a
// request that is too slow or too large; a fault of ours, and an answer that takes too long.
const anywhere = [
  "malformed-request",
  "method-not-allowed",
  "request-timeout",
  "request-header-fields-too-large",
  "internal-error",
  "service-unavailable"
]

const problemsOf = (operation: Answering): ReadonlyMap<number, ReadonlyArray<string>> => {
  const { path, problemsIn, responses, scopes } = operation
  const names = new Set([
    ...Object.values(responses).flatMap(({ content }) => problemsIn(content)),
    ...anywhere,
    // An address without its last part leads nowhere; where another part is empty, that is what is at fault.
    ...(path.endsWith("}") ? ["route-not-found"] : [])
  ])
  // Authentication may answer so, but not where any valid token will do.
  if (scopes.length === 0) names.delete("insufficient-scope")
  return Map.groupBy(names, (name) => problemExamples().get(name)?.status ?? 500)
}

// Readiness has a body of its own for what others say by a problem. What only one of two has isn't promised.
const eitherOf = (one: Answer, other: Answer): Answer => ({
  description: `${one.description} ${other.description}`,
  headers: {
    ...Object.fromEntries(Object.entries(other.headers).map(([name, header]) => [name, optional(header)])),
    ...one.headers
  },
  content: { ...one.content, ...other.content }
})

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
  for (const [status, names] of problemsOf(operation)) {
    const [problem, other] = [problemAnswer(operation, status, names), answers[status]]
    answers[status] = other === undefined ? problem : eitherOf(other, problem)
  }
  return answers
}
