import * as Context from "effect/Context"

/** What every answer, log line and event of one request carries. */
export interface RequestFacts {
  /** The client's `X-Request-Id` if it is of a safe form, else a fresh one. */
  readonly id: string
  /** The W3C `traceparent` of the request, if there is a well-formed one. */
  readonly traceParent: string | null
}

/** The request at hand. */
export const CurrentRequest = Context.Reference<RequestFacts>("marginalia/api/CurrentRequest", {
  defaultValue: () => ({ id: "unknown", traceParent: null })
})
