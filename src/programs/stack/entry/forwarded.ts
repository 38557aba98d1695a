import type { IncomingMessage } from "node:http"
import { plainAddress } from "../../../platform/ipAddress.ts"

/** The address that a connection comes from, which is all that the gateway believes about a client's. */
export const remoteAddress = ({ socket }: IncomingMessage): string => plainAddress(socket.remoteAddress ?? "unknown")

// RFC 7239, section 4: what isn't a token is quoted, and IPv6 is in brackets besides.
const written = (value: string): string => {
  const node = value.includes(":") && !value.includes(".") && !value.startsWith("[") ? `[${value}]` : value
  return /^[\w!#$%&'*+.^`|~-]+$/.test(node) ? node : JSON.stringify(node)
}

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined
}

/**
 * The `Forwarded` header (RFC 7239) of a request on its way to a service. An HTTP API puts what came as `X-Forwarded-*` into
 * it, and itself at its end. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 *
 * Whoever is at its beginning said so himself: no service takes anything from it.
 */
export const forwardedHeader = (request: IncomingMessage): string => {
  const before = headerOf(request, "x-forwarded-for")?.split(",").map((one) => `for=${written(one.trim())}`) ?? []
  const own = [
    `by=${written(plainAddress(request.socket.localAddress ?? "unknown"))}`,
    `for=${written(remoteAddress(request))}`,
    `host=${written(request.headers.host ?? "")}`,
    "proto=http"
  ].join(";")
  return [headerOf(request, "forwarded"), ...before, own].filter((one) => one !== undefined).join(",")
}
