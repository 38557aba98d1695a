import { Schema } from "effect"

const Streams = {
  /** Which set of streams: each has its own. */
  set: Schema.Int,
  streams: Schema.Int
}

/** What a store's process is asked to do. */
export const StoreJob = Schema.TaggedUnion({
  /** Each writer appends to a stream of its own, for a time; after so many events it begins another. */
  Append: { writers: Schema.Int, millis: Schema.Finite, eventsInStream: Schema.Int },
  /** All writers append to one fresh stream, each after loading it, and again after a conflict, until it has so many events. */
  Contend: { writers: Schema.Int, events: Schema.Int },
  /** Makes streams of so many events each. Not measured. */
  Fill: { ...Streams, events: Schema.Int },
  /** Streams of a set are loaded, in turn, for a time. */
  Load: { ...Streams, inFlight: Schema.Int, millis: Schema.Finite },
  /** 70 loads to 30 appends, each after a load and again after a conflict, over streams by Zipf's law. */
  Mix: { ...Streams, workers: Schema.Int, millis: Schema.Finite, exponent: Schema.Finite, seed: Schema.Int },
  /** What so many appends, and loads among them, take of DynamoDB at these lengths. */
  Units: { lengths: Schema.Array(Schema.Int), appends: Schema.Int },
  /** Writers append to streams of their own while the store's own consumer follows the log. */
  Deliver: { writers: Schema.Int, events: Schema.Int, eventsInStream: Schema.Int, quietMillis: Schema.Finite },
  /** Projects posts into tables. */
  Project: { events: Schema.Int, setting: Schema.Literals(["documented", "tuned"]) }
})
export type StoreJob = typeof StoreJob.Type

/** What came of the delivery of a log to its consumer. */
export const Delivery = Schema.Struct({
  appended: Schema.Int,
  delivered: Schema.Int,
  /** Events that were appended and never delivered. */
  missing: Schema.Int,
  /** Deliveries of an event that had been delivered before. */
  duplicate: Schema.Int,
  /** Events that were delivered after a later one of their stream. */
  outOfOrder: Schema.Int
})
export type Delivery = typeof Delivery.Type

/** Capacity units of many appends to streams of some length, and of loads among them: one by one, as they came. */
export const UnitsAt = Schema.Struct({
  /** Events that the streams had before the first of these appends. */
  length: Schema.Int,
  append: Schema.Array(Schema.Finite),
  /** What the appends have read: a store that can't append without. */
  readToAppend: Schema.Array(Schema.Finite),
  load: Schema.Array(Schema.Finite)
})
export type UnitsAt = typeof UnitsAt.Type

/** What a process says of a job, in a line of JSON. */
export const StoreOutcome = Schema.TaggedUnion({
  Worked: {
    amount: Schema.Int,
    seconds: Schema.Finite,
    /** Of one operation. */
    p50Micros: Schema.Finite,
    p99Micros: Schema.Finite,
    conflicts: Schema.Int,
    /** The processor time of the process meanwhile, in s. What the engines used isn't in it. */
    processorSeconds: Schema.Finite
  },
  Filled: {},
  Consumed: { units: Schema.Array(UnitsAt) },
  Delivered: { delivery: Delivery, seconds: Schema.Finite },
  /** The store has nothing of the kind. */
  Unable: {},
  Failed: { why: Schema.String }
})
export type StoreOutcome = typeof StoreOutcome.Type
export type Worked = (typeof StoreOutcome.cases.Worked)["Type"]
