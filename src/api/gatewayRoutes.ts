import * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import { Authentication } from "./Authentication.ts"
import { CommandApi } from "./CommandApi.ts"
import { QueryApi } from "./QueryApi.ts"

/** Which of the two services a route leads to. */
export type RoutedService = "command" | "query"

/** A route of the gateway that stands before both services. */
export interface GatewayRoute {
  /** As API Gateway has it: `POST /pictures/{pictureId}/comments`, or `$default` for what no other route takes. */
  readonly key: string
  readonly service: RoutedService
  /** Whether the gateway looks at the bearer token before it asks the service. */
  readonly needsToken: boolean
}

const inBraces = (template: string): string => template.replace(/:(\w+)/g, "{$1}")

/** The routes of those endpoints that need a token, each of its own; HEAD is wherever GET is. */
const protectedRoutes = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  service: RoutedService,
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyArray<GatewayRoute> => {
  const routes: Array<GatewayRoute> = []
  HttpApi.reflect(api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint: { method, middlewares, path } }) => {
      if (!middlewares.has(Authentication)) return
      for (const one of method === "GET" ? ["GET", "HEAD"] : [method]) {
        routes.push({ key: `${one} ${inBraces(path)}`, service, needsToken: true })
      }
    }
  })
  return routes
}

const rest: GatewayRoute = { key: "$default", service: "command", needsToken: false }

/**
 * All routes of the gateway, from the contracts.
 *
 * What needs a token has a route of its own. All else that is read goes to queries without being looked at, and all that is
 * left to commands: unknown addresses and methods, `OPTIONS` that isn't a browser's preflight, and `/` itself, which a
 * greedy path doesn't match. Either service answers those as the contract has it, since both know all addresses.
 *
 * No route asks for a scope: which one is needed, in which order faults are told, and that a moderator may do without
 * the other scope, is the services' to decide.
 */
export const gatewayRoutes: ReadonlyArray<GatewayRoute> = [
  ...protectedRoutes("command", CommandApi),
  ...protectedRoutes("query", QueryApi),
  { key: "GET /{proxy+}", service: "query", needsToken: false },
  { key: "HEAD /{proxy+}", service: "query", needsToken: false },
  rest
]

const isGreedy = ({ key }: GatewayRoute): boolean => key.includes("+}")

const patternOf = (key: string): RegExp => {
  const literal = key.replaceAll(/[.*?^$()|[\]\\]/g, "\\$&")
  return new RegExp(`^${literal.replaceAll(/\{\w+\+\}/g, ".+").replaceAll(/\{\w+\}/g, "[^/]+")}$`)
}

const compiled = gatewayRoutes
  .filter((route) => route !== rest)
  .toSorted((a, b) => Number(isGreedy(a)) - Number(isGreedy(b)))
  .map((route) => ({ route, pattern: patternOf(route.key) }))

/**
 * The route that a request takes, found as API Gateway does it: the full match of method and path, then the greedy one,
 * then `$default`. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export const findGatewayRoute = (method: string, path: string): GatewayRoute => {
  const asked = `${method} ${path}`
  return compiled.find(({ pattern }) => pattern.test(asked))?.route ?? rest
}
