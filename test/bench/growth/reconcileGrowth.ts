import { Effect, Layer, Stream } from "effect"
import { randomUUID } from "node:crypto"
import { Projector } from "../../../src/projections/Projector.ts"
import { Reconcile } from "../../../src/projections/Reconcile.ts"
import * as MemoryQueryCache from "../../../src/queries/MemoryQueryCache.ts"
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

const scans = Effect.fnUntraced(function*(engine: string, commits: number) {
  const { scan } = yield* Reconcile
  const run = Stream.runDrain(Stream.suspend(() => scan()))
  const rates: Array<Rate> = []
  for (const state of ["an empty read model", "an intact read model"]) {
    rates.push({
      title: `reconcile from ${engine} over ${state}, commits/s`,
      perSecond: commits / (yield* secondsOf(run))
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
    return yield* scans("PostgreSQL", scale.reconciled)
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
    return yield* scans("DynamoDB", scale.reconciled)
  }).pipe(Effect.provide(services))

  const grown: Grown = { curves: [], rates: [...yield* inDatabase, ...yield* onTable] }
  return grown
})
