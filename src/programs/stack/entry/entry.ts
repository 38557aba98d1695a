import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { Draining } from "../../../platform/Draining.ts"
import { makeNodeServer } from "../../../platform/nodeServer.ts"
import { urlOf } from "../../service/server.ts"
import { makeProxy } from "./proxy.ts"
import { serviceFor, type Services } from "./services.ts"

/** Where the entry point listens, and what is behind it. */
export interface EntrySettings {
  readonly host: string
  readonly port: number
  readonly shutdownTimeout: Duration.Duration
}

/**
 * The single entry point to both services, and its URL. It has the limits of every server of this project. Where it ends,
 * it takes nothing new, and what is in flight has so much time to be finished.
 */
export const openEntry = Effect.fn("openEntry")(function*(
  { host, port, shutdownTimeout }: EntrySettings,
  services: Services
) {
  const draining = yield* Draining
  const server = makeNodeServer(makeProxy({ serviceFor: serviceFor(services), draining: draining.begun }))
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
