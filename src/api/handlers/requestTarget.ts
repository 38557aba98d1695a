import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { pathOf } from "./RouteTable.ts"

/**
 * The request with an address that the router reads as RFC 3986 has it. The router takes a path to end not only at `?`
 * but also at `;` and `#`: the first is a character of a path like any other, the second has no meaning in a request.
 */
export const routable = (request: HttpServerRequest): HttpServerRequest => {
  const { url } = request
  if (!url.includes(";") && !url.includes("#")) return request
  const path = pathOf(url)
  const query = url.slice(path.length)
  return request.modify({ url: path.replaceAll(";", "%3B").replaceAll("#", "%23") + query.replaceAll("#", "%23") })
}
