import { DevelopmentTokenApi } from "../../../api/DevelopmentTokenApi.ts"
import { findGatewayRoute } from "../../../api/gatewayRoutes.ts"
import { healthPaths } from "../../../api/handlers/operations.ts"
import { pathOf, pathsOf, RouteTable } from "../../../api/handlers/RouteTable.ts"

/** Where requests go from the entry point. */
export interface Services {
  readonly commands: URL
  readonly queries: URL
  /** What only the local stack has: development tokens, and the health of all parts. */
  readonly own: URL
}

const own = new RouteTable([...pathsOf(DevelopmentTokenApi), ...healthPaths])

/** By the very routes that the gateway in front of the deployed services has, but for what only the local stack has. */
export const serviceFor = ({ commands, own: ownServer, queries }: Services) => (method: string, url: string): URL => {
  const path = pathOf(url)
  if (own.find(path) !== undefined) return ownServer
  return findGatewayRoute(method, path).service === "query" ? queries : commands
}
