import { Effect, Layer, Stream } from "effect"
import { randomUUID } from "node:crypto"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { Projector } from "../../../src/projections/Projector.ts"
import { Reconcile } from "../../../src/projections/Reconcile.ts"
import * as MemoryQueryCache from "../../../src/queries/MemoryQueryCache.ts"
import { CapacityCounter } from "../stores/capacity.ts"
import { streamOf } from "../stores/events.ts"
import { fillLog, fillTable } from "../stores/ourHistories.ts"
import type { WorkEngines } from "../work/WorkRow.ts"
import type { Grown, GrowthScale, Rate } from "./GrowthJob.ts"
import { onDynamo, onPostgres } from "./storage.ts"
import { secondsOf } from "./timing.ts"

// 10 streams in 11 have one event, as most comments have.
const streamsOf = (commits: number) => {
  const long = Math.floor(commits / 20)
  return { long, short: commits - long * 10 }
}

const ids = (set: number, count: number) => Array.from({ length: count }, (_, number) => streamOf(set, number))

const scans = Effect.fnUntraced(function*(engine: string, commits: number, counter: CapacityCounter | null) {
  const { scan } = yield* Reconcile
  const run = Stream.runDrain(Stream.suspend(() => scan()))
  const rates: Array<Rate> = []
  for (const state of ["an empty read model", "an intact read model"]) {
    counter?.take()
    const seconds = yield* secondsOf(run)
    rates.push({
      title: `reconcile from ${engine} over ${state}`,
      perSecond: commits / seconds,
      unitsEach: counter === null ? null : counter.take().read / commits
    })
  }
  return rates
})

/** How fast a read model is made anew out of the log, and found intact. */
export const reconcileGrowth = Effect.fn("reconcileGrowth")(function*(engines: WorkEngines, scale: GrowthScale) {
  const { long, short } = streamsOf(scale.reconciled)
  const inDatabase = Effect.gen(function*() {
    yield* fillLog(ids(1, short), 1)
    yield* fillLog(ids(2, long), 10)
    return yield* scans("PostgreSQL", scale.reconciled, null)
  }).pipe(Effect.provide(Reconcile.layer.pipe(Layer.provideMerge(onPostgres(engines)))))

  const table = `events-${randomUUID()}`
  // The log is DynamoDB's, and the read model PostgreSQL's, as on AWS.
  const services = Reconcile.layer.pipe(
    Layer.provideMerge(Projector.layer.pipe(Layer.provide(MemoryQueryCache.layer()))),
    Layer.provideMerge(onDynamo(engines, table)),
    Layer.provideMerge(onPostgres(engines))
  )
  const onTable = Effect.gen(function*() {
    yield* fillTable(table, ids(1, short), 1)
    yield* fillTable(table, ids(2, long), 10)
    const counter = new CapacityCounter()
    const { client } = yield* DynamoDb
    client.middlewareStack.add(counter.middleware, { step: "initialize" })
    return yield* scans("DynamoDB", scale.reconciled, counter)
  }).pipe(Effect.provide(services))

  const grown: Grown = { curves: [], rates: [...yield* inDatabase, ...yield* onTable] }
  return grown
})
