import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { CommentId } from "../../../src/domain/ids.ts"
import { EventStore } from "../../../src/events/EventStore.ts"
import { type Head, newStream } from "../../../src/events/Head.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { CapacityCounter } from "../stores/capacity.ts"
import { draftOf, streamOf } from "../stores/events.ts"
import { commitOf } from "../stores/ourCommits.ts"
import { fillLog, fillTable } from "../stores/ourHistories.ts"
import type { WorkEngines } from "../work/WorkRow.ts"
import type { GrowthCurve } from "./GrowthCurve.ts"
import type { Grown, GrowthScale } from "./GrowthJob.ts"
import { onDynamo, onPostgres } from "./storage.ts"
import { timedPoints } from "./timing.ts"

type Points = Array<GrowthCurve["points"][number]>

const flatBecause =
  "A load is one query of the newest commits, of which one has a snapshot, and an append reads nothing."

const curveOf = (engine: string, what: "load" | "append", points: GrowthCurve["points"]): GrowthCurve => ({
  name: `stream-${what}-${engine.toLowerCase()}`,
  title: `${what === "load" ? "Load of" : "Append to"} a stream on ${engine}`,
  grows: "events",
  unit: "µs",
  better: "lower",
  points,
  flatBecause,
  notFlatBecause: null
})

const measure = Effect.fnUntraced(function*(engine: string, lengths: ReadonlyArray<number>, scale: GrowthScale) {
  const { append, load } = yield* EventStore
  const loads = yield* timedPoints(
    scale,
    lengths.map((length) => ({ x: length, operation: load(CommentId.make(streamOf(length, 0)), "eventual") }))
  )
  const heads = new Map<number, Head>()
  for (const length of lengths) heads.set(length, yield* load(CommentId.make(streamOf(length, 0)), "strong"))
  const appendTo = (length: number) =>
    Effect.suspend(() => {
      const stream = streamOf(length, 0)
      const head = heads.get(length) ?? newStream(CommentId.make(stream))
      return Effect.map(
        append(head, commitOf(head, draftOf(stream, head.version + 1))),
        (next) => heads.set(length, next)
      )
    })
  const appends = yield* timedPoints(scale, lengths.map((length) => ({ x: length, operation: appendTo(length) })))
  return [curveOf(engine, "load", loads), curveOf(engine, "append", appends)]
})

const units = Effect.fnUntraced(function*(lengths: ReadonlyArray<number>) {
  const { client } = yield* DynamoDb
  const counter = new CapacityCounter()
  client.middlewareStack.add(counter.middleware, { step: "initialize" })
  const { append, load } = yield* EventStore
  const reads: Points = []
  const writes: Points = []
  for (const length of lengths) {
    const stream = streamOf(length, 0)
    counter.take()
    const head = yield* load(CommentId.make(stream), "eventual")
    reads.push({ x: length, values: [counter.take().read] })
    yield* append(head, commitOf(head, draftOf(stream, head.version + 1)))
    writes.push({ x: length, values: [counter.take().write] })
  }
  const unitCurve = (what: string, unit: string, points: Points): GrowthCurve => ({
    name: `stream-${what}-units`,
    title: `Capacity of ${what === "load" ? "a load" : "an append"} on DynamoDB`,
    grows: "events",
    unit,
    better: "lower",
    points,
    flatBecause: "A commit has the snapshot of a state that doesn't grow, and at most 4 commits are read.",
    notFlatBecause:
      "Units are whole steps: a snapshot that is a byte over one costs the next, as its state remembers more " +
      "commands (up to 16) and as its text is long."
  })
  return [unitCurve("load", "read units", reads), unitCurve("append", "write units", writes)]
})

/** Loads and appends as a stream becomes long. */
export const streamGrowth = Effect.fn("streamGrowth")(function*(engines: WorkEngines, scale: GrowthScale) {
  const lengths = scale.streams
  const onTable = Effect.suspend(() => {
    const table = `events-${randomUUID()}`
    return Effect.gen(function*() {
      for (const length of lengths) yield* fillTable(table, [streamOf(length, 0)], length)
      const costs = yield* units(lengths)
      return [...yield* measure("DynamoDB", lengths, scale), ...costs]
    }).pipe(Effect.provide(onDynamo(engines, table)))
  })
  const inDatabase = Effect.gen(function*() {
    for (const length of lengths) yield* fillLog([streamOf(length, 0)], length)
    return yield* measure("PostgreSQL", lengths, scale)
  }).pipe(Effect.provide(onPostgres(engines)))
  const grown: Grown = { curves: [...yield* inDatabase, ...yield* onTable], rates: [] }
  return grown
})
