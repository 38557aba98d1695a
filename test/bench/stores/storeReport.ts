import { medianOf, spreadOf } from "../measure/spread.ts"
import { compare, type Comparison, type Plot, type SectionTable } from "../report/Section.ts"
import type { DeliveryResult, RowResult, StoreResult } from "./measureStores.ts"
import type { Worked } from "./StoreJob.ts"
import type { StoreGroup } from "./storeRows.ts"

const rates = (rounds: ReadonlyArray<Worked>) => rounds.map(({ amount, seconds }) => amount / seconds)
const millis = (micros: number): string => (micros / 1000).toFixed(2)
const medianBy = (rounds: ReadonlyArray<Worked>, of: (round: Worked) => number): number => medianOf(rounds.map(of))

/** Rows of a group, each side's operations in a second. */
export const compareRows = (
  { aim, name, title }: StoreGroup,
  rows: ReadonlyArray<RowResult>
): ReadonlyArray<Comparison> =>
  rows.map(({ results, row }) =>
    compare({
      name: `${name}-${row.name}`,
      title: `${title}: ${row.title}`,
      unit: "operations/s",
      better: "higher",
      aim: row.hasAim ? aim : null,
      sides: results.map(({ rounds, store }) => ({ name: store, values: rates(rounds) }))
    })
  )

/** What stands behind the rates: latencies, conflicts, processor time. */
export const detailTable = ({ title }: StoreGroup, rows: ReadonlyArray<RowResult>): SectionTable => ({
  title: `${title}: medians of each row`,
  head: ["", "store", "p50 ms", "p99 ms", "CPU µs each", "conflicts for each success"],
  rows: rows.flatMap(({ results, row }) =>
    results.map(({ rounds, store }) => [
      row.title,
      store,
      millis(medianBy(rounds, ({ p50Micros }) => p50Micros)),
      millis(medianBy(rounds, ({ p99Micros }) => p99Micros)),
      medianBy(rounds, ({ amount, processorSeconds }) => (processorSeconds * 1e6) / Math.max(1, amount)).toFixed(0),
      medianBy(rounds, ({ amount, conflicts }) => conflicts / Math.max(1, amount)).toFixed(2)
    ])
  )
})

/** Projections; whom the project is after is Emmett's for as much as it can do. */
export const compareProjections = (events: number, results: ReadonlyArray<StoreResult>): Comparison =>
  compare({
    name: "projection",
    title: `projection of ${events.toLocaleString("en-US")} posts into comments, history and counts on PostgreSQL`,
    unit: "events/s",
    better: "higher",
    aim: { against: "Emmett, tuned", ratio: 5 },
    sides: results.map(({ rounds, store }) => ({ name: store, values: rates(rounds) }))
  })

/** Delivered against appended, each run by itself. */
export const deliveryTable = (results: ReadonlyArray<DeliveryResult>): SectionTable => ({
  title: "Delivered against appended: 32 writers, while the store's own consumer follows",
  head: ["consumer", "appended", "deliveries", "missing", "duplicate", "out of order", "s until the last came"],
  rows: results.map(({ delivery, seconds, store }) => [
    store,
    String(delivery.appended),
    String(delivery.delivered),
    String(delivery.missing),
    String(delivery.duplicate),
    String(delivery.outOfOrder),
    seconds.toFixed(1)
  ])
})

/** Operations in a second, a group of bars for each row. */
export const ratePlot = ({ name, title }: StoreGroup, rows: ReadonlyArray<RowResult>): Plot => ({
  _tag: "Bars",
  name: `stores-${name}`,
  title: `Event stores on ${title}`,
  y: { label: "operations/s", scale: "log" },
  sides: rows[0]?.results.map(({ store }) => store) ?? [],
  groups: rows.map(({ results, row }) => ({
    label: row.name,
    bars: results.map(({ rounds }) => spreadOf(rates(rounds)))
  }))
})
