import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import { CommandApi } from "../../api/CommandApi.ts"
import { authenticationLayer } from "../../api/handlers/authentication.ts"
import { countedQueriesLayer } from "../../api/handlers/countedQueries.ts"
import { documentation, documentationPaths } from "../../api/handlers/documentation.ts"
import { envelope } from "../../api/handlers/envelope.ts"
import { problemPages, problemPagesPaths } from "../../api/handlers/problemPages.ts"
import { queryHandlers } from "../../api/handlers/queryHandlers.ts"
import { requestRulesLayer } from "../../api/handlers/requestRules.ts"
import { pathsOf, RouteTable, servedElsewhere } from "../../api/handlers/RouteTable.ts"
import { MarginaliaApi } from "../../api/MarginaliaApi.ts"
import { QueryApi } from "../../api/QueryApi.ts"
import { routing } from "./server.ts"

const table = new RouteTable([
  ...pathsOf(QueryApi),
  ...documentationPaths,
  ...problemPagesPaths,
  ...servedElsewhere(pathsOf(CommandApi))
])

const queries = HttpApiBuilder.layer(QueryApi).pipe(
  Layer.provide(queryHandlers),
  Layer.provide([authenticationLayer, countedQueriesLayer, requestRulesLayer])
)

const routes = Layer.mergeAll(queries, documentation(MarginaliaApi), problemPages, envelope(table))

/**
 * The query service's routes, and the documentation of both contracts: all of it is read. What commands serve is known
 * here for 404, 405 and `OPTIONS`.
 */
export const queryHttp = HttpRouter.serve(routes, routing)
