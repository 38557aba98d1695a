import { Console, Duration, Effect, Layer } from "effect"
import type { StackSettings } from "../../src/platform/StackSettings.ts"
import { stack } from "../../src/programs/stack.ts"
import { developmentTestIssuer, knownKey } from "../support/TestIssuer.ts"
import { allowedOrigins } from "./contract/browsers.ts"
import { developmentTokens } from "./developmentTokens.ts"
import { Target } from "./Target.ts"

const settings: StackSettings = {
  host: "127.0.0.1",
  port: 0,
  dataDirectory: "memory",
  // Most tests wait for what they wrote.
  pollInterval: Duration.millis(20),
  // The defaults, as on the standalone program.
  rateLimits: {
    commands: { burst: 10_000, window: Duration.hours(1) },
    queries: { burst: 60_000, window: Duration.minutes(10) }
  },
  corsAllowedOrigins: allowedOrigins,
  hstsMaxAge: Duration.days(365),
  logLevel: "None",
  logFormat: "json",
  shutdownTimeout: Duration.seconds(5)
}

/** Says nothing of its parts. */
const silent: Console.Console = { ...globalThis.console, log: () => {} }

/** The local stack on a free port, with nothing kept: its entry point in this process, all else in processes of their own. */
export const stackTarget = Layer.effect(
  Target,
  Effect.gen(function*() {
    const { url } = yield* Effect.provideService(stack(settings), Console.Console, silent)
    return { url, token: yield* developmentTokens(url), issuer: developmentTestIssuer }
  })
).pipe(Layer.provide(knownKey))
