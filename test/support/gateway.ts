import { Effect } from "effect"
import * as jose from "jose"
import { type IncomingMessage, request as send } from "node:http"
import { findGatewayRoute } from "../../src/api/gatewayRoutes.ts"
import { serve } from "./serve.ts"

const isToken = (authorization = ""): boolean => {
  const [, token = ""] = /^Bearer (\S+)$/.exec(authorization) ?? []
  try {
    return jose.decodeJwt(token).sub !== undefined
  } catch {
    return false
  }
}

const isRefused = ({ headers, method = "", url = "" }: IncomingMessage): boolean => {
  const path = url.replace(/\?.*$/, "")
  return findGatewayRoute(method, path).needsToken && !isToken(headers.authorization)
}

/**
 * What of API Gateway a client notices: what its authorizer refuses it answers itself, in its own form, and operators'
 * addresses aren't behind it. Answers with its URL; it ends with the scope.
 */
export const makeGateway = (service: string) =>
  Effect.map(
    serve((request, response) => {
      const { headers, method, url: path } = request
      const own = (status: number, message: string) =>
        response.writeHead(status, {
          "content-type": "application/json",
          "apigw-requestid": "Mc7UVioPPHcEKPA=",
          ...(status === 401 ? { "www-authenticate": "Bearer scope=\"\" error=\"invalid_token\"" } : {})
        }).end(method === "HEAD" ? undefined : JSON.stringify({ message }))

      if (/^\/(?:health|metrics)/.test(path ?? "")) own(404, "Not Found")
      else if (isRefused(request)) own(401, "Unauthorized")
      else {
        const { hostname, port } = new URL(service)
        const outgoing = send({ hostname, port, method, path, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(response)
        })
        outgoing.on("error", () => response.destroy())
        request.pipe(outgoing)
      }
    }),
    ({ url }) => url
  )
