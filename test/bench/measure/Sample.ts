import { Schema } from "effect"

/** What one side did in one window of time. */
export const Sample = Schema.Struct({
  /** How many requests were answered, as expected, within the window. */
  requests: Schema.Int,
  seconds: Schema.Finite,
  perSecond: Schema.Finite,
  /** From the request's first byte being written to its answer's last byte being read. */
  p50Micros: Schema.Finite,
  p99Micros: Schema.Finite,
  maxMicros: Schema.Finite,
  /** The share of one core that the load generator used; near 1, it was the limit and not the server. */
  loadShare: Schema.Finite,
  /** The share of the load generator's core that was busy, with the engines that share it; null if it has none to itself. */
  loadCoreShare: Schema.NullOr(Schema.Finite),
  /**
   * The share of the machine that processes used which have no part in the benchmark; null where the system doesn't tell.
   * Where it isn't near 0, requests/s say little, and processor times more.
   */
  strangersShare: Schema.NullOr(Schema.Finite),
  /** What the server's process used; null where the system doesn't tell. */
  server: Schema.NullOr(Schema.Struct({
    /** Shares of one core: of the thread that runs the program, and of all others (the embedded database's is one). */
    mainThreadShare: Schema.Finite,
    otherThreadsShare: Schema.Finite,
    /** The processor time of all threads for each request, in µs. */
    microsPerRequest: Schema.Finite
  })),
  /** How long the server went on with what the requests had set off, after the last was answered; null if not asked. */
  settledAfterMillis: Schema.NullOr(Schema.Finite)
})
export type Sample = typeof Sample.Type
