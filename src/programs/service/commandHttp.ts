import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import { CommandApi } from "../../api/CommandApi.ts"
import { authenticationLayer } from "../../api/handlers/authentication.ts"
import { commandHandlers } from "../../api/handlers/commandHandlers.ts"
import { documentationPaths } from "../../api/handlers/documentation.ts"
import { envelope } from "../../api/handlers/envelope.ts"
import { problemPagesPaths } from "../../api/handlers/problemPages.ts"
import { requestRulesLayer } from "../../api/handlers/requestRules.ts"
import { pathsOf, RouteTable, servedElsewhere } from "../../api/handlers/RouteTable.ts"
import { QueryApi } from "../../api/QueryApi.ts"
import { routing } from "./server.ts"

const table = new RouteTable([
  ...pathsOf(CommandApi),
  ...servedElsewhere([...pathsOf(QueryApi), ...documentationPaths, ...problemPagesPaths])
])

const commands = HttpApiBuilder.layer(CommandApi).pipe(
  Layer.provide(commandHandlers),
  Layer.provide([authenticationLayer, requestRulesLayer])
)

/** The command service's routes. What queries serve is known here for 404, 405 and `OPTIONS`. */
export const commandHttp = HttpRouter.serve(Layer.merge(commands, envelope(table)), routing)
