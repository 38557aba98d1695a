import { always, type Answering } from "./Answering.ts"
import type { Answer } from "./Document.ts"
import { reference } from "./Document.ts"
import type { HeaderUse } from "./headers.ts"
import { headersOf, may, must } from "./headers.ts"
import { problemExamples } from "./problems.ts"

/** The media type of a problem (RFC 9457). */
export const problemMediaType = "application/problem+json"

const withProblem = (name: string, operation: Answering): ReadonlyArray<HeaderUse> => {
  switch (name) {
    case "unauthorized":
    case "insufficient-scope":
      return [must("WWW-Authenticate")]
    case "method-not-allowed":
      return [must("Allow")]
    case "too-much-contention":
      return [must("Retry-After"), must("Consistency-Token")]
    case "comment-deleted":
    case "version-mismatch":
      return operation.needsToken ? [must("Consistency-Token")] : []
    case "unsupported-media-type":
      return [must("Accept")]
    case "too-many-requests":
    case "service-unavailable":
    case "read-model-behind":
    case "projection-parked":
      return [must("Retry-After")]
    default:
      return []
  }
}

// Of several problems under one status each may have a header that the others haven't: then it isn't promised.
const agreed = (uses: ReadonlyArray<ReadonlyArray<HeaderUse>>): ReadonlyArray<HeaderUse> => {
  const names = new Set(uses.flat().map(({ name }) => name))
  return Array.from(
    names,
    (name) => uses.every((some) => some.some((use) => use.name === name && use.required)) ? must(name) : may(name)
  )
}

/** What is answered with a problem, or with one of some. */
export const problemAnswer = (operation: Answering, status: number, names: ReadonlyArray<string>): Answer => {
  const schemas = names.map((name) => reference("schemas", name))
  const [first] = schemas
  return {
    description: names.map((name) => `${problemExamples().get(name)?.title ?? name}.`).join(" "),
    headers: headersOf([
      ...always(operation, status),
      must("Cache-Control.no-store"),
      ...agreed(names.map((name) => withProblem(name, operation)))
    ]),
    content: {
      [problemMediaType]: {
        schema: schemas.length === 1 && first !== undefined ? { ...first } : { anyOf: schemas },
        examples: Object.fromEntries(names.map((name) => [name, reference("examples", name)]))
      }
    }
  }
}
