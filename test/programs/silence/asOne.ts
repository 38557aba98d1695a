import { Effect } from "effect"
import { request } from "node:http"
import { findGatewayRoute } from "../../../src/api/gatewayRoutes.ts"
import { Target } from "../../http/Target.ts"
import { serve } from "../../support/serve.ts"

/** Both services behind one address, by the gateway's routes, each request and answer as it is. */
export const asOne = Effect.fnUntraced(function*(commands: Target["Service"], queries: Target["Service"]) {
  const { url } = yield* serve((incoming, answer) => {
    const { headers, method = "", url: path = "" } = incoming
    const { service } = findGatewayRoute(method, path.split("?", 1).join(""))
    const { hostname, port } = new URL((service === "query" ? queries : commands).url)
    const outgoing = request({ hostname, port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 0, response.headers)
      response.pipe(answer)
    })
    outgoing.on("error", () => answer.destroy())
    incoming.pipe(outgoing)
  })
  return Target.of({ url, token: commands.token })
})
