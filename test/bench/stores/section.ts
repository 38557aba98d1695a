import { Console, Effect } from "effect"
import { BenchError } from "../BenchError.ts"
import type { Aim, Comparison, Plot, SectionTable } from "../report/Section.ts"
import type { SectionDefinition } from "../sections/SectionDefinition.ts"
import { installRivals } from "../servers/installRivals.ts"
import { startWorkEngines } from "../servers/workEngines.ts"
import { measureDeliveries, measureGroup, measureProjections } from "./measureStores.ts"
import { deliveryAims, unitAims } from "./storeAims.ts"
import { compareProjections, compareRows, deliveryTable, detailTable, ratePlot } from "./storeReport.ts"
import { deliveries, groups, projections, scaleOf, storeRows } from "./storeRows.ts"
import { storeNotes, storeText } from "./storeText.ts"
import { compareUnits, unitsPlot, unitTable } from "./unitReport.ts"

const name = "stores"
const title = "Event stores on the same engines"

// A whole run's: a smoke run has fewer lengths of streams.
const rowsIn = storeRows(scaleOf({ isQuick: false, rounds: 1, seconds: 1 })).map(({ name }) => name)

/** Our event stores beside Emmett, castore and Equinox, on the same engines. */
export const section: SectionDefinition = {
  name,
  title,
  rowNames: [...groups.flatMap(({ name }) => rowsIn.map((row) => `${name}-${row}`)), "units", "projection", "delivery"],
  windows: (options) => {
    const { deliveries, millis, rounds } = scaleOf(options)
    return `${rounds} rounds of ${millis / 1000} s for each store and row, in turn; deliveries in ${deliveries} runs`
  },
  expectedSeconds: (options) => {
    const { millis, rounds } = scaleOf(options)
    const windows = storeRows(scaleOf(options)).length * 5 * (rounds + 1)
    return Math.round(options.isQuick ? 10 + (windows * millis) / 1000 : 90 + (windows * millis) / 1000 + rounds * 15)
  },
  measure: Effect.fn("stores")(function*(options) {
    const { pinning, rows: asked } = options
    const scale = scaleOf(options)
    const isAsked = (row: string) => asked.length === 0 || asked.includes(row)
    yield* installRivals
    const engines = yield* startWorkEngines(pinning)
    const failures: Array<string> = []
    const comparisons: Array<Comparison> = []
    const tables: Array<SectionTable> = []
    const plots: Array<Plot> = []
    const aims: Array<Aim> = []
    const told = (what: string) => ({ message }: BenchError) =>
      Effect.andThen(
        Console.error(`${what}  FAILED: ${message}`),
        Effect.sync(() => void failures.push(`${what}: ${message.split("\n")[0]}`))
      )

    for (const group of groups) {
      const rows = storeRows(scale).filter((row) => isAsked(`${group.name}-${row.name}`))
      const isCounted = group.name === "dynamo" && isAsked("units")
      if (rows.length === 0 && !isCounted) continue
      yield* measureGroup(group, rows, scale, { engines, pinning, failures, isCounted }).pipe(
        Effect.tap(({ consumed, measured }) =>
          Effect.sync(() => {
            comparisons.push(...compareRows(group, measured), ...compareUnits(consumed))
            if (measured.length > 0) {
              tables.push(detailTable(group, measured))
              plots.push(ratePlot(group, measured))
            }
            if (consumed.length > 0) {
              tables.push(unitTable(consumed))
              plots.push(unitsPlot(consumed))
              aims.push(...unitAims(consumed))
            }
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
        Effect.tap((results) =>
          Effect.sync(() => {
            tables.push(deliveryTable(results))
            aims.push(...deliveryAims(results))
          })
        ),
        Effect.catch(told("delivery"))
      )
    }
    if (comparisons.length === 0 && tables.length === 0) {
      return yield* new BenchError({ message: `No event store could be measured: ${failures.join("; ")}` })
    }
    return { name, title, text: storeText(scale), comparisons, tables, plots, notes: storeNotes, failures, aims }
  }, Effect.scoped)
}
