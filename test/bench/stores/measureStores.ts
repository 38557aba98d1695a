import { Console, Effect } from "effect"
import { BenchError } from "../BenchError.ts"
import type { Pinning } from "../servers/pinning.ts"
import type { WorkEngines } from "../work/WorkRow.ts"
import type { Delivery, StoreJob, Worked } from "./StoreJob.ts"
import { StoreJob as Job } from "./StoreJob.ts"
import { type RunningStore, startStore, type Store } from "./storeProcess.ts"
import { loadedStreams, popularSet, type StoreGroup, type StoreRow, type StoreScale } from "./storeRows.ts"
import type { Consumed } from "./unitReport.ts"

/** What one store did of a row, in each round. */
export interface StoreResult {
  readonly store: string
  readonly rounds: ReadonlyArray<Worked>
}

/** What all stores of a group did of a row. */
export interface RowResult {
  readonly row: StoreRow
  readonly results: ReadonlyArray<StoreResult>
}

const perSecond = ({ amount, seconds }: Worked): string => (amount / seconds).toFixed(0)

const work = Effect.fnUntraced(function*({ ask, store }: RunningStore, job: StoreJob) {
  const outcome = yield* ask(job)
  if (outcome._tag === "Worked") return outcome
  return yield* new BenchError({ message: `${store.name} answered ${job._tag} with ${outcome._tag}` })
})

const fills = ({ lengths, popular }: StoreScale): ReadonlyArray<StoreJob> => [
  ...lengths.map((events) => Job.cases.Fill.make({ ...loadedStreams(events), events })),
  Job.cases.Fill.make({ set: popularSet, ...popular })
]

// A row that fails is left out with all that was measured of it: half a comparison says nothing.
const attempted = <A, R>(failures: Array<string>, what: string, measuring: Effect.Effect<A, BenchError, R>) =>
  measuring.pipe(
    Effect.map((value): A | null => value),
    Effect.catch(({ message }) =>
      Effect.as(Console.error(`${what}  FAILED: ${message}`), null).pipe(
        Effect.tap(Effect.sync(() => failures.push(`${what}: ${message.split("\n")[0]}`)))
      )
    )
  )

/** Measures the rows on all stores of a group, each round in turn, and then what they take of DynamoDB. */
export const measureGroup = Effect.fn("measureGroup")(function*(
  group: StoreGroup,
  rows: ReadonlyArray<StoreRow>,
  scale: StoreScale,
  options: {
    readonly engines: WorkEngines
    readonly pinning: Pinning
    readonly failures: Array<string>
    /** Whether what they take of DynamoDB is asked for. */
    readonly isCounted: boolean
  }
) {
  const { engines, failures, isCounted, pinning } = options
  const stores = yield* Effect.forEach(group.stores, (store) => startStore(store, engines, pinning))
  const needed = fills(scale)
  yield* Console.error(`${group.name}  filling ${stores.length} stores`)
  for (const { ask } of stores) yield* Effect.forEach(needed, ask, { discard: true })

  // What is compiled late is not to weigh on whoever comes first.
  const warmUp = (row: StoreRow) => Effect.forEach(stores, ({ ask }) => ask(row.job), { discard: true })
  const round = Effect.fnUntraced(function*(row: StoreRow, number: number) {
    const worked = yield* Effect.forEach(stores, (store) => work(store, row.job))
    const all = worked.map((one, index) => `${stores[index]?.store.name} ${perSecond(one)}/s`).join(", ")
    yield* Console.error(`${group.name}-${row.name}  round ${number} of ${scale.rounds}  ${all}`)
    return worked
  })
  const measured: Array<RowResult> = []
  for (const row of rows) {
    const rounds = yield* attempted(
      failures,
      `${group.name}-${row.name}`,
      Effect.andThen(
        scale.rounds > 1 ? warmUp(row) : Effect.void,
        Effect.forEach(Array.from({ length: scale.rounds }, (_, index) => index + 1), (number) => round(row, number))
      )
    )
    if (rounds === null) continue
    const results = stores.map(({ store }, index) => ({
      store: store.name,
      rounds: rounds.flatMap((worked) => worked[index] ?? [])
    }))
    measured.push({ row, results })
  }

  const consumed: Array<Consumed> = []
  if (isCounted) {
    for (const { ask, store } of stores) {
      const lengths = [0, 1, ...scale.lengths]
      const outcome = yield* attempted(
        failures,
        `units of ${store.name}`,
        ask(Job.cases.Units.make({ lengths, appends: scale.unitAppends }))
      )
      if (outcome?._tag === "Consumed") consumed.push({ store: store.name, units: outcome.units })
    }
  }
  return { measured, consumed }
}, Effect.scoped)

/** A job in a process, a database and a table of its own: what follows a log would also follow what others left in it. */
const alone = (store: Store, job: StoreJob, engines: WorkEngines, pinning: Pinning) =>
  Effect.scoped(Effect.flatMap(startStore(store, engines, pinning), ({ ask }) => ask(job)))

/** Each store's own projection, in turn. */
export const measureProjections = Effect.fn("measureProjections")(function*(
  projections: ReadonlyArray<{ readonly store: Store; readonly job: StoreJob }>,
  rounds: number,
  options: { readonly engines: WorkEngines; readonly pinning: Pinning }
) {
  const results = new Map<string, Array<Worked>>()
  for (let round = 1; round <= rounds; round++) {
    for (const { job, store } of projections) {
      const outcome = yield* alone(store, job, options.engines, options.pinning)
      if (outcome._tag !== "Worked") continue
      results.set(store.name, [...(results.get(store.name) ?? []), outcome])
      yield* Console.error(`projection  round ${round} of ${rounds}  ${store.name} ${perSecond(outcome)} events/s`)
    }
  }
  return Array.from(results, ([store, rounds]): StoreResult => ({ store, rounds }))
})

/** What a consumer was given of what was appended, in one run. */
export interface DeliveryResult {
  readonly store: string
  readonly delivery: Delivery
  readonly seconds: number
}

/** Holds each store's own consumer to what many writers append meanwhile. */
export const measureDeliveries = Effect.fn("measureDeliveries")(function*(
  stores: ReadonlyArray<Store>,
  { deliveries, delivered }: StoreScale,
  options: { readonly engines: WorkEngines; readonly pinning: Pinning }
) {
  const job = Job.cases.Deliver.make({ writers: 32, events: delivered, eventsInStream: 5, quietMillis: 5000 })
  const results: Array<DeliveryResult> = []
  for (let run = 1; run <= deliveries; run++) {
    for (const store of stores) {
      const outcome = yield* alone(store, job, options.engines, options.pinning)
      if (outcome._tag !== "Delivered") continue
      const { delivery, seconds } = outcome
      results.push({ store: store.name, delivery, seconds })
      yield* Console.error(
        `delivery  run ${run} of ${deliveries}  ${store.name}: ${delivery.missing} of ${delivery.appended} missing`
      )
    }
  }
  return results
})
