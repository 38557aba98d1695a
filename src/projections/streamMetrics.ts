import * as Metric from "effect/Metric"

const recordsHandled = Metric.counter("marginalia_stream_records_total", {
  description: "Records of the table's stream that were handled, redelivered ones among them",
  incremental: true
})

const reconciles = Metric.counter("marginalia_stream_reconciles_total", {
  description: "Times that the stream was taken up anew, because nothing was known of it or something of it was missed",
  incremental: true
})

const shardsFollowed = Metric.gauge("marginalia_stream_shards", { description: "Shards that are read at present" })

const lag = Metric.gauge("marginalia_stream_lag_milliseconds", {
  description: "Age of the newest handled record when it was handled, or how long a shard's records could not be"
})

/** The metrics of who follows this table's stream. */
export const metricsOf = (table: string) => {
  const attributes = { table }
  return {
    recordsHandled: Metric.withAttributes(recordsHandled, attributes),
    reconciles: Metric.withAttributes(reconciles, attributes),
    shardsFollowed: Metric.withAttributes(shardsFollowed, attributes),
    lag: Metric.withAttributes(lag, attributes)
  }
}
