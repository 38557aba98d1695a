import * as Effect from "effect/Effect"
import { measured } from "../../platform/measurements.ts"
import { limitedRequests, rateLimitFailures } from "../../platform/rateLimitMetrics.ts"
import { everyMinuteAndAtLast } from "./everyMinute.ts"
import { growthOf } from "./growthOf.ts"

/** Says how many requests were refused or could not be counted since it was last asked; nothing where none was. */
export const rateLimitMeasurement = Effect.map(
  Effect.all([growthOf(limitedRequests.commands, limitedRequests.queries), growthOf(rateLimitFailures)]),
  ([limited, failures]) =>
    Effect.flatMap(
      Effect.all({ limited, failures }),
      (grown) => grown.limited > 0 || grown.failures > 0 ? measured("rateLimits", grown) : Effect.void
    )
)

/** What both services tell of their limits, each minute and at the end. */
export const measuringRateLimits = everyMinuteAndAtLast(rateLimitMeasurement)
