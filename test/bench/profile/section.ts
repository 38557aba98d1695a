import { Console, Effect } from "effect"
import { join } from "node:path"
import { BenchError } from "../BenchError.ts"
import { runLoad } from "../load/runLoad.ts"
import { percent } from "../report/numbers.ts"
import type { BarPlot, SectionTable } from "../report/Section.ts"
import type { Row } from "../Row.ts"
import { findRow } from "../rows.ts"
import type { SectionDefinition, SectionOptions } from "../sections/SectionDefinition.ts"
import { startStandalone } from "../servers/standalone.ts"
import { temporaryFolder } from "../servers/temporaryFolder.ts"
import { categories, type Category, categoryOf } from "./categories.ts"
import { selfTimes, type Stretch } from "./CpuProfile.ts"
import { readProfile } from "./readProfile.ts"

const subjects = [
  { row: "hot-page", title: "hot page, standalone program" },
  { row: "stack-hot-page", title: "hot page, query service" },
  { row: "post", title: "post, standalone program" }
] as const

const warmUpSeconds = ({ isQuick }: SectionOptions): number => isQuick ? 1 : 3
const loadSeconds = ({ isQuick, seconds }: SectionOptions): number => isQuick ? 1 : Math.max(3, seconds)

// A smoke run shows that one works.
const chosen = ({ isQuick, rows }: SectionOptions) =>
  subjects.filter(({ row }, index) => rows.length === 0 ? !isQuick || index === 0 : rows.includes(row))

const startSeconds = 8

/** Shares of the main thread's time, all together 1. */
type Shares = ReadonlyMap<Category, number>

// V8's clock, which is the machine's monotonic one.
const nowMicros = (): number => Number(process.hrtime.bigint() / 1000n)

const loaded = Effect.fnUntraced(function*(row: Row, profiles: string, options: SectionOptions) {
  const { connections, pinning } = options
  const subject = yield* (row.start?.({ pinning, profiles }) ?? startStandalone(row, { pinning, profiles }))
  const material = yield* row.prepare(subject)
  yield* runLoad({
    row: row.name,
    material,
    ports: [subject.port],
    pids: [subject.pid],
    connections,
    warmUpSeconds: warmUpSeconds(options),
    seconds: loadSeconds(options),
    first: 0
  }, pinning)
  const to = nowMicros()
  // The load generator has ended by now: what it takes to do so is cut off at both ends.
  return { from: to - loadSeconds(options) * 1e6, to: to - 0.2e6 } satisfies Stretch
}, Effect.scoped)

const profiled = Effect.fnUntraced(function*(name: string, options: SectionOptions) {
  const folder = yield* temporaryFolder
  const row = yield* Effect.tryPromise({
    try: () => findRow(name),
    catch: (error) => new BenchError({ message: String(error) })
  })
  yield* Console.error(`profile  ${name}`)
  const stretch = yield* loaded(row, folder, options)
  const profile = yield* readProfile(join(folder, name))
  const times = selfTimes(profile, stretch, categoryOf)
  const whole = Array.from(times.values()).reduce((sum, time) => sum + time, 0)
  if (whole === 0) return yield* new BenchError({ message: "the profile says nothing of the load's time" })
  return new Map(categories.map((category) => [category, (times.get(category) ?? 0) / whole])) satisfies Shares
}, Effect.scoped)

type Profiled = readonly [subject: typeof subjects[number], shares: Shares]

const tableOf = (all: ReadonlyArray<Profiled>): SectionTable => ({
  title: "Self time of the main thread under full load",
  head: ["where", ...all.map(([{ title }]) => title)],
  rows: categories.map((category) => [category, ...all.map(([, shares]) => percent(shares.get(category) ?? 0))])
})

const plotOf = (all: ReadonlyArray<Profiled>): BarPlot => ({
  _tag: "Bars",
  name: "profile",
  title: "Self time of the main thread under full load",
  y: { label: "percent", scale: "linear" },
  sides: all.map(([{ title }]) => title),
  groups: categories.map((category) => ({
    label: category,
    bars: all.map(([, shares]) => {
      const share = 100 * (shares.get(category) ?? 0)
      return { median: share, min: share, max: share }
    })
  }))
})

const measure = Effect.fn("profile")(function*(options: SectionOptions) {
  const [all, failures] = yield* Effect.partition(
    chosen(options),
    (subject) =>
      Effect.map(profiled(subject.row, options), (shares) => [subject, shares] as const).pipe(
        Effect.mapError(({ message }) => `profile of ${subject.row}: ${message}`),
        Effect.tapError((message) => Console.error(`FAILED  ${message}`))
      )
  )
  return {
    name: "profile",
    title,
    text: [
      "V8's sampling profile of the main thread while requests come as fast as they are answered: each function's own " +
      "time, by where the function is. The programs run from source with the profiler on, which makes them a little slower; shares are " +
      "what counts. The embedded database of the standalone program is a thread of its own and isn't in it."
    ],
    comparisons: [],
    tables: all.length === 0 ? [] : [tableOf(all)],
    plots: all.length === 0 ? [] : [plotOf(all)],
    notes: [],
    failures
  }
})

const title = "Where the time goes"

/** Where a program's time goes on its hottest path. */
export const section: SectionDefinition = {
  name: "profile",
  title,
  rowNames: subjects.map(({ row }) => row),
  windows: (options) => `each row once, ${loadSeconds(options)} s after ${warmUpSeconds(options)} s of warming up`,
  expectedSeconds: (options) => chosen(options).length * (startSeconds + warmUpSeconds(options) + loadSeconds(options)),
  measure
}
