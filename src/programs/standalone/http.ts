import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import { CommandApi } from "../../api/CommandApi.ts"
import { DevelopmentTokenApi } from "../../api/DevelopmentTokenApi.ts"
import { authenticationLayer } from "../../api/handlers/authentication.ts"
import { commandHandlers } from "../../api/handlers/commandHandlers.ts"
import { countedQueriesLayer } from "../../api/handlers/countedQueries.ts"
import { developmentTokenHandlers } from "../../api/handlers/developmentTokenHandlers.ts"
import { documentation, documentationPaths } from "../../api/handlers/documentation.ts"
import { envelope } from "../../api/handlers/envelope.ts"
import { hotPages } from "../../api/handlers/hotPages.ts"
import { operations, operationsPaths } from "../../api/handlers/operations.ts"
import { problemPages, problemPagesPaths } from "../../api/handlers/problemPages.ts"
import { queryHandlers } from "../../api/handlers/queryHandlers.ts"
import { requestRulesLayer } from "../../api/handlers/requestRules.ts"
import { pathsOf, type RoutedPath, RouteTable } from "../../api/handlers/RouteTable.ts"
import { MarginaliaApi } from "../../api/MarginaliaApi.ts"
import { OperationsApi } from "../../api/openapi/ServedApi.ts"
import { QueryApi } from "../../api/QueryApi.ts"
import { listening, routing, type ServerSettings } from "../service/server.ts"

/** All that is served here. */
export const paths: ReadonlyArray<RoutedPath> = [
  ...pathsOf(CommandApi),
  ...pathsOf(QueryApi),
  ...pathsOf(DevelopmentTokenApi),
  ...operationsPaths,
  ...documentationPaths,
  ...problemPagesPaths
]
const table = new RouteTable(paths)

const apis = Layer.mergeAll(
  HttpApiBuilder.layer(CommandApi).pipe(Layer.provide(commandHandlers)),
  HttpApiBuilder.layer(QueryApi).pipe(Layer.provide(queryHandlers)),
  HttpApiBuilder.layer(DevelopmentTokenApi).pipe(Layer.provide(developmentTokenHandlers))
).pipe(Layer.provide([authenticationLayer, countedQueriesLayer, requestRulesLayer]))

// The entry point's contract, and what only this program serves beside it.
class DocumentedApi extends MarginaliaApi.addHttpApi(DevelopmentTokenApi).addHttpApi(OperationsApi) {}

const routes = Layer.mergeAll(apis, operations, documentation(DocumentedApi), problemPages, envelope(table))

const server = (settings: ServerSettings) => Layer.unwrap(Effect.map(hotPages, (lane) => listening(settings, lane)))

/** Everything on one port: both services, the development tokens, and what operators and developers need. */
export const http = (settings: ServerSettings) =>
  HttpRouter.serve(routes, routing).pipe(Layer.provideMerge(server(settings)))
