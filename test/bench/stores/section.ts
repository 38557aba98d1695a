import { Console, Effect } from "effect"
import { BenchError } from "../BenchError.ts"
import type { Comparison, Plot, SectionTable } from "../report/Section.ts"
import type { SectionDefinition } from "../sections/SectionDefinition.ts"
import { startWorkEngines } from "../servers/workEngines.ts"
import { measureDeliveries, measureGroup, measureProjections } from "./measureStores.ts"
import {
  compareProjections,
  compareRows,
  compareUnits,
  deliveryTable,
  detailTable,
  ratePlot,
  unitsPlot
} from "./storeReport.ts"
import { deliveries, groups, projections, scaleOf, storeRows } from "./storeRows.ts"
import { storeNotes, storeText } from "./storeText.ts"

const name = "stores"
const title = "Event stores on the same engines"

/** Our event stores beside Emmett, castore and Equinox, on the same engines. */
export const section: SectionDefinition = {
  name,
  title,
  expectedSeconds: (options) => {
    const { millis, rounds } = scaleOf(options)
    const windows = storeRows(scaleOf(options)).length * 5 * (rounds + 1)
    return Math.round(options.isQuick ? 10 + (windows * millis) / 1000 : 90 + (windows * millis) / 1000 + rounds * 15)
  },
  measure: Effect.fn("stores")(function*(options) {
    const { pinning, rows: asked } = options
    const scale = scaleOf(options)
    const isAsked = (row: string) => asked.length === 0 || asked.includes(row)
    const engines = yield* startWorkEngines(pinning)
    const failures: Array<string> = []
    const comparisons: Array<Comparison> = []
    const tables: Array<SectionTable> = []
    const plots: Array<Plot> = []
    const told = (what: string) => ({ message }: BenchError) =>
      Effect.andThen(
        Console.error(`${what}  FAILED: ${message}`),
        Effect.sync(() => void failures.push(`${what}: ${message.split("\n")[0]}`))
      )

    for (const group of groups) {
      const rows = storeRows(scale).filter((row) => isAsked(`${group.name}-${row.name}`))
      const isCounted = group.name === "dynamo" && isAsked("units")
      if (rows.length === 0 && !isCounted) continue
      yield* measureGroup(group, rows, scale, { engines, pinning, failures }).pipe(
        Effect.tap(({ consumed, measured }) =>
          Effect.sync(() => {
            comparisons.push(...compareRows(group, measured), ...compareUnits(consumed))
            if (measured.length > 0) {
              tables.push(detailTable(group, measured))
              plots.push(ratePlot(group, measured))
            }
            if (consumed.length > 0) plots.push(unitsPlot(consumed))
          })
        ),
        Effect.catch(told(group.name))
      )
    }
    if (isAsked("projection")) {
      yield* measureProjections(projections(scale), scale.rounds, { engines, pinning }).pipe(
        Effect.tap((results) => Effect.sync(() => comparisons.push(compareProjections(scale.projected, results)))),
        Effect.catch(told("projection"))
      )
    }
    if (isAsked("delivery")) {
      yield* measureDeliveries(deliveries, scale, { engines, pinning }).pipe(
        Effect.tap((results) => Effect.sync(() => tables.push(deliveryTable(results)))),
        Effect.catch(told("delivery"))
      )
    }
    if (comparisons.length === 0 && tables.length === 0) {
      return yield* new BenchError({ message: `No event store could be measured: ${failures.join("; ")}` })
    }
    return { name, title, text: storeText, comparisons, tables, plots, notes: storeNotes, failures }
  }, Effect.scoped)
}
