import type * as OpenApi from "effect/http-api/OpenApi"
import type { Facts } from "./Facts.ts"
import type { HeaderUse } from "./headers.ts"
import { may, must } from "./headers.ts"

/** An operation whose answers are to be told. */
export interface Answering extends Facts {
  readonly operationId: string
  readonly method: string
  readonly path: string
  /** What the generator has made of the contract. */
  readonly responses: OpenApi.OpenAPISpecResponses
  /** The last parts of the types of the problems that a schema refers to. */
  readonly problemsIn: (schema: unknown) => ReadonlyArray<string>
}

// Before there is a route nobody is counted.
const uncountable = new Set([405, 408, 431])

/** The headers of all answers of an operation. Who may be refused for too many requests is told how many are left. */
export const always = ({ responses }: Answering, status: number): ReadonlyArray<HeaderUse> => [
  must("X-Request-Id"),
  ...(429 in responses && !uncountable.has(status) ? [may("RateLimit"), may("RateLimit-Policy")] : [])
]
