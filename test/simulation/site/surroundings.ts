import { Layer, Logger, Metric, References } from "effect"
import type { SecureRandom } from "effect/crypto"
import { Draining } from "../../../src/platform/Draining.ts"
import { RateLimits } from "../../../src/platform/RateLimits.ts"
import type { TokenVerifier } from "../../../src/platform/TokenVerifier.ts"
import type { Chance } from "../kernel/Chance.ts"
import { seededRandom } from "../kernel/seededRandom.ts"
import type { SkewedClock } from "../kernel/SkewedClock.ts"
import { simulatedTokens } from "./simulatedTokens.ts"

/** How many fibers a process has at present. */
export class FiberCount implements Metric.FiberRuntimeMetricsService {
  alive = 0
  readonly recordFiberStart = (): void => {
    this.alive++
  }
  readonly recordFiberEnd = (): void => {
    this.alive--
  }
}

/** What a process has that no engine gives it: a clock of its own, chance, nobody who reads logs and traces, no limits of rate. */
export const surroundings = (
  { chance, clock, fibers }: { readonly chance: Chance; readonly clock: SkewedClock; readonly fibers: FiberCount }
): Layer.Layer<SecureRandom.SecureRandom | TokenVerifier | RateLimits | Draining> =>
  Layer.mergeAll(simulatedTokens, RateLimits.layerUnlimited, Draining.layer, seededRandom(chance)).pipe(
    Layer.provideMerge(Layer.mergeAll(
      clock.layer,
      Logger.layer([]),
      Layer.succeed(References.TracerEnabled, false),
      Layer.succeed(References.MinimumLogLevel, "None"),
      Layer.succeed(Metric.FiberRuntimeMetrics, fibers)
    ))
  )
