import { Duration, Effect, Layer } from "effect"
import { HttpServer } from "effect/http"
import type { StandaloneSettings } from "../../src/platform/StandaloneSettings.ts"
import { standalone } from "../../src/programs/standalone.ts"
import { developmentTestIssuer, knownKey } from "../support/TestIssuer.ts"
import { allowedOrigins } from "./contract/browsers.ts"
import { developmentTokens } from "./developmentTokens.ts"
import { Target } from "./Target.ts"

const settings: StandaloneSettings = {
  host: "127.0.0.1",
  port: 0,
  dataDirectory: "memory",
  logLevel: "None",
  logFormat: "json",
  cacheBytes: 16 * 1024 * 1024,
  maxWaiters: 1000,
  maxWaitersPerCaller: 100,
  clientAddressHeader: "x-client-ip",
  corsAllowedOrigins: allowedOrigins,
  hstsMaxAge: Duration.days(365),
  // The defaults: all that one asks here in a run doesn't meet them.
  rateLimits: {
    commands: { burst: 10_000, window: Duration.hours(1) },
    queries: { burst: 60_000, window: Duration.minutes(10) }
  },
  shutdownTimeout: Duration.seconds(5)
}

/** The standalone program in this process, on a free port, with nothing kept. */
export const standaloneTarget = Layer.effect(
  Target,
  Effect.gen(function*() {
    const { address } = yield* HttpServer.HttpServer
    const url = `http://127.0.0.1:${address._tag === "UnixPathAddress" ? 0 : address.port}`
    return { url, token: yield* developmentTokens(url), issuer: developmentTestIssuer }
  })
).pipe(Layer.provide(standalone(settings)), Layer.provide(knownKey))
