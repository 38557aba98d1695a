import * as Context from "effect/Context"
import * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import { Authentication, ScopesNeeded } from "../Authentication.ts"

/** What the contract knows of an operation that OpenAPI's generator doesn't look at. */
export interface Facts {
  readonly needsToken: boolean
  /** The scopes of which the token needs one; none, if any valid token will do. */
  readonly scopes: ReadonlyArray<string>
}

/** The facts about each operation, by its id. */
export const factsOf = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyMap<string, Facts> => {
  const facts = new Map<string, Facts>()
  HttpApi.reflect(api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, group }) => {
      facts.set(`${group.identifier}.${endpoint.identifier}`, {
        needsToken: endpoint.middlewares.has(Authentication),
        scopes: Context.get(endpoint.annotations, ScopesNeeded)
      })
    }
  })
  return facts
}
