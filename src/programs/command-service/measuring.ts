import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { entriesSwept, pendingAge } from "../../commands/inboxMetrics.ts"
import { measured } from "../../platform/measurements.ts"
import { everyMinute } from "../service/everyMinute.ts"
import { growthOf } from "../service/growthOf.ts"
import { measuringRateLimits } from "../service/measuringRateLimits.ts"

/** Says how long the oldest accepted command has waited, as the last sweep found it, and how many sweeps have run since. */
export const inboxMeasurement = Effect.map(growthOf(entriesSwept), (growth) =>
  Effect.gen(function*() {
    const { value: pendingAgeSeconds } = yield* Metric.value(pendingAge)
    yield* measured("inbox", { pendingAgeSeconds, swept: yield* growth })
  }))

/** What the command service tells by its log, each minute; of limits also what is left at the end. */
export const measuring = Layer.merge(
  Layer.unwrap(Effect.map(inboxMeasurement, everyMinute)),
  measuringRateLimits
)
