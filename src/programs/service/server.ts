import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type * as Duration from "effect/Duration"
import type * as HttpServer from "effect/http/HttpServer"
import type { IncomingHttpHeaders } from "node:http"
import { browserHeaders } from "../../api/handlers/answerHeaders.ts"
import { requestId } from "../../api/handlers/CurrentRequest.ts"
import type { BrowserSettings } from "../../platform/browserSettings.ts"
import { type FastLane, makeNodeServer, type NodeServerOptions } from "../../platform/nodeServer.ts"
import { maxHeaderBytes } from "../../platform/serverLimits.ts"

/**
 * Where a server listens, how long it keeps idle connections, how long what is in flight may take when it ends, and whose
 * pages may read what it refuses; nobody's, if that is left out.
 */
export interface ServerSettings extends NodeServerOptions, Partial<BrowserSettings> {
  readonly host: string
  readonly port: number
  readonly shutdownTimeout: Duration.Duration
}

/** How requests find their routes. */
export const routing = {
  disableLogger: true,
  disableListenLog: true,
  // An address is known by its exact path, as the table of routes has it; a parameter that is too long is a fault that
  // its schema names, not an unknown address.
  routerConfig: {
    caseSensitive: true,
    ignoreDuplicateSlashes: false,
    ignoreTrailingSlash: false,
    maxParamLength: maxHeaderBytes
  }
}

// What a request is told that never comes to the envelope.
const headersFor = ({ corsAllowedOrigins = [], hstsMaxAge }: ServerSettings) => {
  const browsers = browserHeaders({ corsAllowedOrigins, hstsMaxAge })
  return ({ origin, "x-request-id": given }: IncomingHttpHeaders) => ({
    ...browsers.to(origin),
    "x-request-id": requestId(typeof given === "string" ? given : undefined)
  })
}

const noLane: FastLane = () => false

/** A server with all its limits set. Where it ends, it takes nothing new and finishes what is in flight. */
export const listening = (settings: ServerSettings, lane = noLane) => {
  const { host, port, shutdownTimeout } = settings
  return NodeHttpServer.layer(() => makeNodeServer(lane, { ...settings, headersFor: headersFor(settings) }), {
    host,
    port,
    gracefulShutdownTimeout: shutdownTimeout
  })
}

/** The URL that a server on this machine is reached at. */
export const urlOf = ({ address }: HttpServer.HttpServer["Service"], host: string): string => {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  const port = address._tag === "UnixPathAddress" ? 0 : address.port
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`
}
