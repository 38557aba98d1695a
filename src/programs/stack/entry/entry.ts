import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { integrationTimeout } from "../../../api/gatewayLimits.ts"
import { Draining } from "../../../platform/Draining.ts"
import { makeNodeServer } from "../../../platform/nodeServer.ts"
import { type RefuseConnection, refuseConnection } from "../../../platform/refusals.ts"
import { urlOf } from "../../service/server.ts"
import { ownAnswerOnTheWire } from "./ownAnswers.ts"
import { makeProxy } from "./proxy.ts"
import { serviceFor, type Services } from "./services.ts"

/** Where the entry point listens, and what is behind it. */
export interface EntrySettings {
  readonly host: string
  readonly port: number
  readonly shutdownTimeout: Duration.Duration
}

// A head that is longer than this server reads at all is longer than the gateway takes, too.
const refuse: RefuseConnection = (error, socket) => {
  if (error.code === "HPE_HEADER_OVERFLOW" && socket.writable) socket.end(ownAnswerOnTheWire(431))
  else refuseConnection(error, socket)
}

/**
 * The single entry point to both services, and its URL. It has the limits of every server of this project, and those of
 * the gateway, which waits so many milliseconds for a service. Where it ends, it takes nothing new, and what is in flight
 * has so much time to be finished.
 */
export const openEntry = Effect.fn("openEntry")(function*(
  { host, port, shutdownTimeout }: EntrySettings,
  services: Services,
  timeout = integrationTimeout
) {
  const draining = yield* Draining
  const server = makeNodeServer(
    makeProxy({ serviceFor: serviceFor(services), timeout, draining: draining.begun }),
    { refuse }
  )
  const running = yield* Layer.build(NodeHttpServer.layer(() => server, { host, port }))
  yield* Effect.addFinalizer(() =>
    draining.begin.pipe(
      Effect.andThen(Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
      })),
      Effect.timeoutOption(shutdownTimeout),
      Effect.andThen(Effect.sync(() => server.closeAllConnections()))
    )
  )
  return urlOf(yield* Effect.provideContext(HttpServer.HttpServer, running), host)
})
