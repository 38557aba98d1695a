import { spreadOf } from "../measure/spread.ts"
import { number } from "../report/numbers.ts"
import { compare, type Comparison, type Plot, type SectionTable } from "../report/Section.ts"
import type { UnitsAt } from "./StoreJob.ts"

/** What a store took of DynamoDB, at each length. */
export interface Consumed {
  readonly store: string
  readonly units: ReadonlyArray<UnitsAt>
}

/** What is paid for is the sum, so the mean tells it, whatever a single one took. */
export const meanOf = (values: ReadonlyArray<number>): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length

const lengthsOf = (consumed: ReadonlyArray<Consumed>): ReadonlyArray<number> =>
  consumed[0]?.units.map(({ length }) => length) ?? []

const meansAt = (consumed: ReadonlyArray<Consumed>, length: number, kind: "append" | "load") =>
  consumed.map(({ store, units }) => ({
    name: store,
    values: [meanOf(units.find((at) => at.length === length)?.[kind] ?? [])]
  }))

/** Means of the capacity units, one value for each side. */
export const compareUnits = (consumed: ReadonlyArray<Consumed>): ReadonlyArray<Comparison> =>
  lengthsOf(consumed).flatMap((length) => [
    compare({
      name: `units-append-${length}`,
      title: `write units of an append after ${length.toLocaleString("en-US")} events, in the mean`,
      unit: "write units",
      better: "lower",
      aim: null,
      sides: meansAt(consumed, length, "append")
    }),
    ...(length === 0 ? [] : [compare({
      name: `units-load-${length}`,
      title: `read units of a load of ${length.toLocaleString("en-US")} events, in the mean`,
      unit: "read units",
      better: "lower",
      aim: null,
      sides: meansAt(consumed, length, "load")
    })])
  ])

const range = (values: ReadonlyArray<number>): string =>
  values.length === 0
    ? "-"
    : `${number(meanOf(values))} (${number(Math.min(...values))}-${number(Math.max(...values))}), ${values.length}`

/** How far single appends and loads lie apart. */
export const unitTable = (consumed: ReadonlyArray<Consumed>): SectionTable => ({
  title: "DynamoDB: capacity units, the mean, the lowest and highest, and of how many",
  head: ["after", "store", "write units of an append", "read units before an append", "read units of a load"],
  rows: lengthsOf(consumed).flatMap((length) =>
    consumed.flatMap(({ store, units }) => {
      const at = units.find((at) => at.length === length)
      const events = `${length.toLocaleString("en-US")} events`
      return at === undefined ? [] : [[events, store, range(at.append), range(at.readToAppend), range(at.load)]]
    })
  )
})

/** Units of loads over the length of the stream. */
export const unitsPlot = (consumed: ReadonlyArray<Consumed>): Plot => ({
  _tag: "Lines",
  name: "stores-read-units",
  title: "Read units of a load, by the length of the stream",
  x: { label: "events", scale: "log" },
  y: { label: "read units", scale: "log" },
  series: consumed.map(({ store, units }) => ({
    label: store,
    points: units.filter(({ length, load }) => length > 0 && load.length > 0).map(({ length, load }) => ({
      x: length,
      y: { ...spreadOf(load), median: meanOf(load) }
    }))
  }))
})
