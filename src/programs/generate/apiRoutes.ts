import { type GatewayRoute, gatewayRoutes, type RoutedService } from "../../api/gatewayRoutes.ts"

const integrations: Record<RoutedService, string> = { command: "CommandIntegration", query: "QueryIntegration" }

const capitalised = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`

/** The logical id of a route's resource: `PostPicturesCommentsRoute` for `POST /pictures/{pictureId}/comments`. */
export const routeId = (key: string): string => {
  if (key === "$default") return "DefaultRoute"
  const [method = "", path = ""] = key.split(" ")
  // A variable at the end tells one thing of a collection from the collection.
  const parts = path.split("/").filter((part) => part !== "")
  const words = parts.flatMap((part, index) => {
    if (!part.startsWith("{")) return [part]
    return index === parts.length - 1 ? [part.replaceAll(/\W/g, "")] : []
  })
  return `${capitalised(method.toLowerCase())}${words.map(capitalised).join("")}Route`
}

const authorization = (needsToken: boolean): string =>
  needsToken
    ? `      AuthorizationType: JWT
      AuthorizerId: !Ref Authorizer`
    : "      AuthorizationType: NONE"

const resource = ({ key, needsToken, service }: GatewayRoute): string =>
  `  ${routeId(key)}:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: ${key}
      Target: !Sub integrations/\${${integrations[service]}}
${authorization(needsToken)}
`

/** The routes as resources of the template. */
export const routeResources = (): string => gatewayRoutes.map(resource).join("\n")
