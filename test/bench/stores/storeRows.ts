import type { SectionOptions } from "../sections/SectionDefinition.ts"
import { StoreJob } from "./StoreJob.ts"
import type { Store } from "./storeProcess.ts"

const { Append, Contend, Load, Mix, Project } = StoreJob.cases

/** The stores that share an engine. The first is ours. */
export interface StoreGroup {
  readonly name: string
  readonly title: string
  readonly stores: ReadonlyArray<Store>
  /** The ratio of appends that the project is after, and against whom. */
  readonly aim: { readonly against: string; readonly ratio: number }
}

export const groups: ReadonlyArray<StoreGroup> = [
  {
    name: "postgres",
    title: "PostgreSQL",
    stores: [
      { name: "Marginalia", program: "marginalia/postgres.ts" },
      { name: "Emmett", program: "emmett/store.mjs" }
    ],
    aim: { against: "Emmett", ratio: 1.5 }
  },
  {
    name: "dynamo",
    title: "DynamoDB",
    stores: [
      { name: "Marginalia", program: "marginalia/dynamo.ts" },
      { name: "castore", program: "castore/store.mjs" },
      { name: "Equinox", program: "equinox/store.mjs" }
    ],
    aim: { against: "castore", ratio: 1 }
  }
]

/** Something that all stores of a group do. */
export interface StoreRow {
  readonly name: string
  readonly title: string
  readonly job: StoreJob
  readonly hasAim: boolean
}

/** How much a run does. */
export interface StoreScale {
  readonly rounds: number
  readonly millis: number
  /** Lengths of the streams that are loaded. */
  readonly lengths: ReadonlyArray<number>
  readonly contended: number
  readonly popular: { readonly streams: number; readonly events: number }
  readonly projected: number
  readonly delivered: number
  readonly deliveries: number
  /** Appends at each length whose capacity units are counted. */
  readonly unitAppends: number
}

export const scaleOf = (
  { isQuick, rounds, seconds }: Pick<SectionOptions, "isQuick" | "rounds" | "seconds">
): StoreScale =>
  isQuick
    ? {
      rounds: 1,
      millis: 200,
      lengths: [10, 200],
      contended: 40,
      popular: { streams: 100, events: 5 },
      projected: 500,
      delivered: 500,
      deliveries: 1,
      unitAppends: 10
    }
    : {
      rounds: Math.min(rounds, 3),
      millis: Math.min(seconds * 1000, 700),
      lengths: [10, 200, 10_000],
      contended: 200,
      popular: { streams: 1000, events: 7 },
      projected: 5000,
      delivered: 4000,
      deliveries: 2,
      unitAppends: 100
    }

/** The streams that are loaded: one for each length, except for the short ones. */
export const loadedStreams = (length: number): { readonly set: number; readonly streams: number } => ({
  set: length,
  streams: length > 1000 ? 1 : 20
})

/** The set of streams that differ in how popular they are. */
export const popularSet = 0xffff

const eventsInStream = 10

/** What all stores do, in the order of the table. */
export const storeRows = ({ contended, lengths, millis, popular }: StoreScale): ReadonlyArray<StoreRow> => [
  {
    name: "append-1",
    title: "appends, one writer",
    job: Append.make({ writers: 1, millis, eventsInStream }),
    hasAim: true
  },
  {
    name: "append-16",
    title: "appends, 16 writers on streams of their own",
    job: Append.make({ writers: 16, millis, eventsInStream }),
    hasAim: true
  },
  {
    name: "contended",
    title: "appends, 8 writers on one stream: load, append, again on a conflict",
    job: Contend.make({ writers: 8, events: contended }),
    hasAim: false
  },
  ...lengths.map((length): StoreRow => ({
    name: `load-${length}`,
    title: `loads of ${length.toLocaleString("en-US")} events, 4 in flight`,
    job: Load.make({ ...loadedStreams(length), inFlight: 4, millis }),
    hasAim: false
  })),
  ...[0.8, 0.99].map((exponent): StoreRow => ({
    name: `mix-${String(exponent).replace(".", "")}`,
    title: `70 loads to 30 changes, 16 at a time, Zipf ${exponent}`,
    job: Mix.make({ set: popularSet, streams: popular.streams, workers: 16, millis, exponent, seed: 1 }),
    hasAim: false
  }))
]

/** Projections: each store's own, where it has one. Emmett's also with larger batches and as few pauses as it can be asked for. */
export const projections = ({ projected }: StoreScale) =>
  [
    { side: "Marginalia on PostgreSQL", program: "marginalia/postgres.ts", setting: "documented" },
    { side: "Emmett", program: "emmett/store.mjs", setting: "documented" },
    { side: "Emmett, tuned", program: "emmett/store.mjs", setting: "tuned" },
    { side: "Marginalia on DynamoDB", program: "marginalia/dynamo.ts", setting: "documented" }
  ].map(({ program, setting, side }) => ({
    store: { name: side, program },
    job: Project.make({ events: projected, setting: setting === "tuned" ? "tuned" : "documented" })
  }))

/** Whose consumers are held to what was appended. */
export const deliveries: ReadonlyArray<Store> = [
  { name: "Marginalia on PostgreSQL", program: "marginalia/postgres.ts" },
  { name: "Emmett", program: "emmett/store.mjs" },
  { name: "Marginalia on DynamoDB", program: "marginalia/dynamo.ts" }
]
