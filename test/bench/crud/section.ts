import { Console, Effect } from "effect"
import { BenchError } from "../BenchError.ts"
import { runLoad } from "../load/runLoad.ts"
import type { Sample } from "../measure/Sample.ts"
import type { BarPlot, Comparison } from "../report/Section.ts"
import { comparisonOf, detailsOf, disturbanceOf, type HttpRow } from "../sections/httpSection.ts"
import type { SectionDefinition, SectionOptions } from "../sections/SectionDefinition.ts"
import { installRivals } from "../servers/installRivals.ts"
import { startCrudEngines } from "./crudEngines.ts"
import { type CrudRowName, crudRowNames, isCrudRow } from "./crudRowNames.ts"
import { crudRows } from "./crudRows.ts"
import { crudServiceName, startCrudService } from "./crudService.ts"
import type { CrudSide } from "./CrudSide.ts"
import { commitsOfSite, siteSize } from "./CrudSite.ts"
import { crudNotes, crudText } from "./crudText.ts"
import { servicesName, standaloneName, startOwnProgram, startServices } from "./ownSides.ts"
import { requireSameAnswers } from "./sameAnswers.ts"

// Before the first round each side runs until V8 has compiled what the row does, and in a mix until the caches have what is
// asked for most.
const warmUp = (isQuick: boolean, isLong: boolean) => ({ warmUpSeconds: isQuick ? 1 : isLong ? 4 : 2, seconds: 0.5 })
const pause = 0.5

const isMix = (row: CrudRowName): boolean => row.startsWith("crud-mix")

// What a smoke run is content with: reads, writes, and both at once.
const quickRows: ReadonlyArray<string> = ["crud-hot-page", "crud-post", "crud-mix-99"]

const chosen = ({ isQuick, rows }: SectionOptions): ReadonlyArray<CrudRowName> =>
  crudRowNames.filter((name) => rows.length > 0 ? rows.includes(name) : !isQuick || quickRows.includes(name))

const settlingTime = "120 seconds"

interface Counted {
  readonly side: CrudSide
  next: number
}

const measureOnce = Effect.fnUntraced(function*(
  row: CrudRowName,
  counted: Counted,
  window: { readonly warmUpSeconds: number; readonly seconds: number },
  { connections, pinning }: SectionOptions
) {
  const { side } = counted
  const { next, sample } = yield* runLoad({
    ...window,
    row,
    material: side.material,
    ports: side.ports,
    pids: side.pids,
    connections,
    first: counted.next
  }, pinning)
  counted.next = next
  if (!crudRows[row].writes) return sample
  const begun = performance.now()
  yield* Effect.timeoutOrElse(side.settled, {
    duration: settlingTime,
    orElse: () => new BenchError({ message: `${row}: ${side.name} did not settle within ${settlingTime}` })
  })
  return { ...sample, settledAfterMillis: Math.round(performance.now() - begun) } satisfies Sample
})

const measureRow = Effect.fnUntraced(
  function*(name: CrudRowName, sides: ReadonlyArray<CrudSide>, options: SectionOptions) {
    const { isQuick, rounds, seconds } = options
    const counted = sides.map((side) => ({ side, next: 0 }))
    for (const one of counted) yield* measureOnce(name, one, warmUp(isQuick, isMix(name)), options)
    const samples = new Map(sides.map((side) => [side.name, new Array<Sample>()]))
    for (let round = 1; round <= rounds; round++) {
      for (const one of counted) {
        const sample = yield* measureOnce(name, one, { warmUpSeconds: pause, seconds }, options)
        samples.get(one.side.name)?.push(sample)
        yield* Console.error(
          `${name}  round ${round} of ${rounds}  ${one.side.name.padEnd(24)}  ${
            sample.perSecond.toFixed(0)
          } requests/s, p99 ${(sample.p99Micros / 1000).toFixed(2)} ms`
        )
      }
    }
    const row: HttpRow = {
      name,
      title: crudRows[name].title,
      aim: null,
      sides: sides.map((side) => ({ name: side.name, samples: samples.get(side.name) ?? [] }))
    }
    return row
  }
)

// The services come first, for they are what a service is compared with; the traditional one is measured next to both.
const startSides = Effect.fnUntraced(function*({ isQuick, pinning }: SectionOptions) {
  const size = siteSize(isQuick)
  const engines = yield* startCrudEngines(pinning)
  const commits = commitsOfSite(size)
  yield* Console.error(`crud  filling three sites with ${commits.length} comments on ${size.pictures} pictures`)
  const services = yield* startServices(engines, commits, size.pictures)
  const traditional = yield* startCrudService(engines, commits, size.pictures)
  const standalone = yield* startOwnProgram(pinning, commits, size.pictures)
  const sides = [services, traditional, standalone]
  yield* requireSameAnswers(sides, size.planted.map(({ rank }) => rank))
  return { sides, comments: commits.length, pictures: size.pictures }
})

// Each of ours is compared with the traditional one by itself.
const comparisonsOf = (row: HttpRow, aim: number | null): ReadonlyArray<Comparison> =>
  [servicesName, standaloneName].map((ours) =>
    comparisonOf({
      ...row,
      name: ours === servicesName ? row.name : `${row.name}-standalone`,
      title: `${row.title}: ${ours === servicesName ? "services" : "standalone"}`,
      aim: aim === null ? null : { against: crudServiceName, ratio: aim },
      sides: [ours, crudServiceName].flatMap((name) => row.sides.filter((side) => side.name === name))
    })
  )

const aimOf = (name: string): number | null => isCrudRow(name) ? crudRows[name].aim : null

const plotOf = (rows: ReadonlyArray<HttpRow>): BarPlot => ({
  _tag: "Bars",
  name: "crud",
  title: "Requests/s beside a traditional service",
  y: { label: "requests/s", scale: "log" },
  sides: rows[0]?.sides.map(({ name }) => name) ?? [],
  groups: rows.map((row) => ({ label: row.title, bars: comparisonOf(row).sides.map(({ spread }) => spread) }))
})

const measure = Effect.fn("crud")(function*(options: SectionOptions) {
  yield* installRivals
  const names = chosen(options)
  const { comments, pictures, sides } = yield* startSides(options)
  const [rows, failures] = yield* Effect.partition(names, (name) =>
    measureRow(name, sides, options).pipe(
      Effect.mapError(({ message }) => `${name}: ${message}`),
      Effect.tapError((message) => Console.error(`FAILED  ${message}`))
    ))
  return {
    name: "crud",
    title: definition.title,
    text: crudText(comments, pictures),
    comparisons: rows.flatMap((row) => comparisonsOf(row, aimOf(row.name))),
    tables: rows.length === 0 ? [] : [detailsOf(rows)],
    plots: rows.length === 0 ? [] : [plotOf(rows)],
    notes: rows.length === 0 ? [] : [...disturbanceOf(rows), ...crudNotes],
    failures
  }
}, Effect.scoped)

const definition = {
  rowNames: crudRowNames,
  windows: ({ rounds, seconds }: SectionOptions) => `${rounds} rounds of ${seconds} s for each side of a row, in turn`,
  title: `Beside a traditional service: ${crudServiceName}, one table`,
  expectedSeconds: (options: SectionOptions) => {
    const { isQuick, rounds, seconds } = options
    const sideSeconds = (row: CrudRowName) =>
      warmUp(isQuick, isMix(row)).warmUpSeconds + 1 + rounds * (seconds + pause + 0.5)
    return (isQuick ? 15 : 65) + chosen(options).reduce((sum, row) => sum + 3 * sideSeconds(row), 0)
  }
}

/** Marginalia beside the service that many would write in its place. */
export const section: SectionDefinition = { name: "crud", ...definition, measure }
