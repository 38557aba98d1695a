import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import type { SqlClient } from "effect/sql/SqlClient"
import { oldestTransactionAge } from "./oldestTransaction.ts"

/** While this grows, nobody who follows the log sees what has been appended since. */
const oldestTransaction = Metric.gauge("marginalia_log_oldest_transaction_seconds", {
  description: "Age of the oldest transaction that still runs on the event log's server and may hide later appends"
})

const interval = "10 seconds"

/** Measures what can hold up a log in Postgres, as long as the layer lives. A server that doesn't answer is measured next time. */
export const layer: Layer.Layer<never, never, SqlClient> = Layer.effectDiscard(
  oldestTransactionAge.pipe(
    Effect.flatMap((age) => Metric.update(oldestTransaction, Duration.toSeconds(age))),
    Effect.ignore,
    Effect.repeat(Schedule.spaced(interval)),
    Effect.forkScoped
  )
)
