import type { Tally } from "./report.ts"

/** Every check that Schemathesis has, but the one about time. */
export const allChecks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "negative_data_rejection",
  "positive_data_acceptance",
  "missing_required_header",
  "unsupported_method",
  "allow_header_conformance",
  "use_after_free",
  "ensure_resource_availability",
  "ignored_auth",
  "object_level_authorization"
] as const

/** Every way that Schemathesis has of making cases. */
const allPhases = ["examples", "coverage", "fuzzing", "stateful"] as const

/** What a run has to come to, whatever Schemathesis found. */
export interface Demand {
  /** How many cases are to be made at least. */
  readonly cases: number
  /** The document's operations, as `GET /comments/{commentId}`. */
  readonly operations: ReadonlyArray<string>
}

/** Why a run that found nothing proves nothing: each a sentence. */
export const shortcomings = (tally: Tally, { cases, operations }: Demand): ReadonlyArray<string> => [
  ...(tally.cases < cases ? [`${tally.cases} cases were made, and ${cases} are wanted`] : []),
  ...(operations.length === 0 ? ["The document has no operation"] : []),
  ...operations.flatMap((label) => {
    const driven = tally.operations.get(label)
    if (driven === undefined) return [`${label} was never driven`]
    return driven.accepted === 0 ? [`${label} was driven ${driven.cases} times, and never answered with success`] : []
  }),
  ...allChecks.filter((name) => !tally.checks.has(name)).map((name) => `The check ${name} was never made`),
  ...allPhases.filter((phase) => !tally.phases.get(phase)).map((phase) => `The phase "${phase}" made no case`)
]
