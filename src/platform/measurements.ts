import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as Schema from "effect/Schema"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Quantity = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * What programs measure and tell by their log, because nobody comes to them for it: a Lambda has no port, and on AWS nothing
 * reads the management ports. Each is one line, whose message is the measurement's name and whose annotations are its fields;
 * infra/observability.yaml makes metrics of them. Numbers only: nothing of what a person wrote or who it was.
 */
export const measurements = {
  /** Of each batch that the projector's function has finished. */
  projection: {
    message: "projection measured",
    fields: Schema.Struct({
      /** Events that became visible. */
      events: Count,
      /** The longest that one of them has waited for it since its append; not there where none became visible. */
      lagMilliseconds: Schema.optionalKey(Count),
      /** Streams that were newly parked. */
      parked: Count,
      /** How often the cache could not be told what to forget. */
      invalidationsFailed: Count
    })
  },
  /** Of the query service's cache since it was measured last, where something failed. */
  cache: {
    message: "cache measured",
    fields: Schema.Struct({
      /** Look-ups and puts that failed, took too long, or weren't tried while the breaker was open. */
      errors: Count,
      hits: Count,
      misses: Count
    })
  },
  /** Of the rate limits since they were measured last, by each task of both services, where somebody met them. */
  rateLimits: {
    message: "rate limits measured",
    fields: Schema.Struct({
      /** Requests that were refused because their caller had sent too many. */
      limited: Count,
      /** Requests that went on because nobody could tell how many their caller had sent. */
      failures: Count
    })
  },
  /** Of the read model, by each task of the query service. */
  parkedStreams: {
    message: "parked streams measured",
    fields: Schema.Struct({
      /** Streams that are parked now. */
      parked: Count
    })
  },
  /** Of the inbox, by each task of the command service. */
  inbox: {
    message: "inbox measured",
    fields: Schema.Struct({
      /** Age of the oldest command that the last sweep found undecided; 0 where it found none. */
      pendingAgeSeconds: Quantity,
      /** Commands that sweeps have run to their end since it was measured last. */
      swept: Count
    })
  }
} as const

type Measurements = typeof measurements

/** The name of a measurement. */
export type Measurement = keyof Measurements

/**
 * Prints a line, whatever LOG_LEVEL says: who wants fewer lines doesn't want fewer alarms.
 */
export const measured = <K extends Measurement>(
  name: K,
  fields: Measurements[K]["fields"]["Type"]
): Effect.Effect<void> =>
  Effect.logInfo(measurements[name].message).pipe(
    Effect.annotateLogs({ ...fields }),
    Effect.provideService(References.MinimumLogLevel, "Info")
  )
