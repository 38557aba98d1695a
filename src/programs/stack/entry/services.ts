import { DevelopmentTokenApi } from "../../../api/DevelopmentTokenApi.ts"
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

/** As the gateway in front of the deployed services has it: what is read goes to queries, but for a command's outcome. */
export const serviceFor = ({ commands, own: ownServer, queries }: Services) => (method: string, url: string): URL => {
  const path = pathOf(url)
  if (own.find(path) !== undefined) return ownServer
  return (method === "GET" || method === "HEAD") && !path.startsWith("/commands/") ? queries : commands
}
