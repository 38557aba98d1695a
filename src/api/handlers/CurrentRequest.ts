import * as Context from "effect/Context"
import { randomBytes } from "node:crypto"

/** What every answer, log line and event of one request carries. */
export interface RequestFacts {
  /** The client's `X-Request-Id` if it is of a safe form, else a fresh one. */
  readonly id: string
  /** The W3C `traceparent` of what is caused here: our own span's where it is exported, else the request's if it is well formed. */
  readonly traceParent: string | null
  /** Where it comes from: see `clientAddress`. */
  readonly address: string
}

/** The request at hand. */
export const CurrentRequest = Context.Reference<RequestFacts>("marginalia/api/handlers/CurrentRequest", {
  defaultValue: () => ({ id: "unknown", traceParent: null, address: "unknown" })
})

const safeId = /^[A-Za-z0-9._-]{1,128}$/

// Unique among all processes by its first part, among one process's requests by its second. It is a name, not a secret.
const process = randomBytes(9).toString("hex")
let requests = 0

/** The id of a request: what the client chose, if that can go into headers and log lines as it is; else a fresh one. */
export const requestId = (given: string | undefined): string => {
  if (given !== undefined && safeId.test(given)) return given
  requests++
  return `${process}-${requests.toString(36)}`
}

const traceParent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** A `traceparent` header of the W3C's Trace Context, version 00; null for anything else. */
export const parseTraceParent = (given: string | undefined): string | null =>
  given !== undefined && traceParent.test(given) ? given : null
