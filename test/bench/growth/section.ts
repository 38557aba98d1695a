import { Console, Effect } from "effect"
import { BenchError } from "../BenchError.ts"
import { medianOf, spreadOf } from "../measure/spread.ts"
import type { Plot, SectionTable } from "../report/Section.ts"
import type { SectionDefinition, SectionOptions } from "../sections/SectionDefinition.ts"
import { startWorkEngines } from "../servers/workEngines.ts"
import { growthAims } from "./growthAims.ts"
import { flatUpTo, type GrowthCurve, growthOf, verdictOf } from "./GrowthCurve.ts"
import { growthNames, type GrowthScale, type Rate } from "./GrowthJob.ts"
import { measureMemory } from "./memory.ts"
import { runGrowth } from "./runGrowth.ts"

const name = "growth"
const title = "Growth"

const scaleOf = ({ isQuick, rounds }: SectionOptions): GrowthScale =>
  isQuick
    ? {
      rounds: 1,
      operations: 20,
      streams: [10, 100],
      picture: [10, 100],
      log: [1000, 3000],
      pictures: [100, 1000],
      reconciled: 1000
    }
    : {
      rounds: Math.min(rounds, 3),
      operations: 100,
      streams: [10, 100, 1000, 10_000],
      picture: [10, 100, 1000, 10_000, 33_000],
      log: [1000, 10_000, 100_000],
      pictures: [100, 1000, 10_000, 100_000],
      reconciled: 10_000
    }

const memorySeconds = ({ isQuick }: SectionOptions): number => isQuick ? 6 : 48

const shown = (value: number): string => value.toLocaleString("en-US", { maximumSignificantDigits: 3 })

const plotOf = ({ grows, name, points, title, unit }: GrowthCurve): Plot => ({
  _tag: "Lines",
  name: `growth-${name}`,
  title,
  x: { label: grows, scale: "log" },
  y: { label: unit, scale: "linear" },
  series: [{ label: title, points: points.map(({ values, x }) => ({ x, y: spreadOf(values) })) }]
})

const curveTable = (curves: ReadonlyArray<GrowthCurve>): SectionTable => ({
  title: "Medians, by how much there is",
  head: ["", "unit", "grows", "values", "times worse at worst"],
  rows: curves.map((curve) => [
    curve.title,
    curve.unit,
    curve.grows,
    curve.points.map(({ values, x }) => `${shown(medianOf(values))} at ${shown(x)}`).join(", "),
    growthOf(curve).toFixed(2)
  ])
})

const rateTable = (commits: number, rates: ReadonlyArray<Rate>): SectionTable => ({
  title: `Reconcile of ${commits.toLocaleString("en-US")} commits`,
  head: ["", "commits/s", "read units for each commit"],
  rows: rates.map(({ perSecond, title, unitsEach }) => [
    title,
    shown(perSecond),
    unitsEach === null ? "-" : shown(unitsEach)
  ])
})

const textOf = ({ operations, rounds }: GrowthScale, memory: number): ReadonlyArray<string> => [
  "What grows is filled past the programs, in the form that they would have written, with the load model's texts; then " +
  `operations are measured one after the other, without a cache: the median of ${operations}, in each of ${rounds} rounds, ` +
  "after one that isn't counted. Where a log can't be of several lengths at once, the rounds of a length follow each other; " +
  `elsewhere the points take turns. A curve is called flat if none of its points is more than ${flatUpTo} times worse than its first.`,
  "Cost, beside time, is counted where there is a unit of it: capacity units on DynamoDB, for streams and for reconcile. " +
  "An append to DynamoDB is charged by the sizes of its items and a load by what it reads, so what else lies in the log isn't " +
  "in it. Pictures and their counts are read on PostgreSQL, where an operation has no unit, nor is it charged: their cost " +
  "is the time.",
  `Memory: ${memory} s of the whole stack and, at the same time, of the standalone program, with 8 clients at work on each ` +
  "(reads, posts, edits), each program's lowest RSS and heap in each part of the time, so what collections of garbage leave. " +
  "The standalone program's database runs in a thread of it: the RSS of both is that of the process, each heap is its own."
]

/** Latency, cost and memory as there is more of everything. */
export const section: SectionDefinition = {
  name,
  title,
  rowNames: ["memory", ...growthNames],
  windows: (options) => {
    const { operations, rounds } = scaleOf(options)
    return `${rounds} rounds of ${operations} operations at each point; ${memorySeconds(options)} s of load for memory`
  },
  expectedSeconds: (options) => memorySeconds(options) + (options.isQuick ? 14 : 120),
  measure: Effect.fn("growth")(function*(options) {
    const { pinning, rows } = options
    const scale = scaleOf(options)
    const isAsked = (row: string) => rows.length === 0 || rows.includes(row)
    const failures: Array<string> = []
    const told = (what: string) => ({ message }: BenchError) =>
      Effect.as(Console.error(`${what}  FAILED: ${message}`), null).pipe(
        Effect.tap(Effect.sync(() => failures.push(`${what}: ${message.split("\n")[0]}`)))
      )
    // First, for what comes after moves this process aside, and with it everything that it starts.
    const memory = isAsked("memory")
      ? yield* Effect.catch(measureMemory(memorySeconds(options)), told("memory"))
      : null
    const curves: Array<GrowthCurve> = []
    const rates: Array<Rate> = []
    const grow = Effect.gen(function*() {
      const engines = yield* startWorkEngines(pinning)
      for (const name of growthNames.filter(isAsked)) {
        yield* Console.error(`growth of the ${name}`)
        const grown = yield* Effect.catch(runGrowth({ name, engines, scale }, pinning), told(name))
        curves.push(...(grown?.curves ?? []))
        rates.push(...(grown?.rates ?? []))
      }
    })
    if (growthNames.some(isAsked)) yield* Effect.scoped(grow)
    if (curves.length === 0 && rates.length === 0 && memory === null) {
      return yield* new BenchError({ message: `No growth could be measured: ${failures.join("; ")}` })
    }
    return {
      name,
      title,
      text: textOf(scale, memorySeconds(options)),
      comparisons: [],
      tables: [
        ...(curves.length === 0 ? [] : [curveTable(curves)]),
        ...(rates.length === 0 ? [] : [rateTable(scale.reconciled, rates)]),
        ...(memory?.tables ?? [])
      ],
      plots: [...curves.map(plotOf), ...(memory?.plots ?? [])],
      notes: [...curves.map(verdictOf), ...(memory?.notes ?? [])],
      failures,
      aims: growthAims(curves)
    }
  })
}
