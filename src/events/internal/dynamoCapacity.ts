import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

/** What reading the log costs: 2 strongly or 4 eventually consistent KB are half a unit. */
export const readUnits = Metric.counter("marginalia_event_store_read_units_total", {
  description: "Read units of DynamoDB that the event store has consumed",
  incremental: true
})

/** What appending costs: a commit of up to 1 KB is one unit, in a transaction two. */
export const writeUnits = Metric.counter("marginalia_event_store_write_units_total", {
  description: "Write units of DynamoDB that the event store has consumed",
  incremental: true
})

type Answer = { readonly ConsumedCapacity?: ConsumedCapacity | ReadonlyArray<ConsumedCapacity> | undefined }

/** Counts what DynamoDB says that a request has cost. It says nothing of one that failed. */
export const counting =
  (units: Metric.Counter<number>) =>
  <A extends Answer, E, R>(request: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.tap(request, ({ ConsumedCapacity = [] }) =>
      Metric.update(
        units,
        [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
      ))
